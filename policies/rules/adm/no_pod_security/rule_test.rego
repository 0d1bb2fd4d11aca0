package plimsoll.rules.adm.no_pod_security_test

import data.plimsoll.rules.adm.no_pod_security as rule

_key := "pod-security.kubernetes.io/enforce"

_doc(id, kind, type, raw) := {
	"id": id, "kind": kind, "type": type, "name": id, "namespace": "",
	"attr": {}, "raw": raw, "unknown": {}, "partial": {},
}

_namespace(labels) := object.union(_doc("shop", "v1/Namespace", "namespace", {}), {"attr": {"labels": labels}})

_level(level) := _namespace({_key: level})

_stack(docs, facts) := {
	"documents": {d.id: d | some d in docs},
	"by_type": {type: sort([d.id | some d in docs; d.type == type]) | some type in {d.type | some d in docs}},
	"by_kind": {kind: sort([d.id | some d in docs; d.kind == kind]) | some kind in {d.kind | some d in docs}},
	"facts": facts,
}

_params(level) := {"exempt_namespaces": ["kube-*", "tools"], "min_level": level}

_at_least(docs, level) := {res |
	some res in rule.deny with input.stack as _stack(docs, {})
		with data.plimsoll.params.adm.no_pod_security as _params(level)
}

_deny(docs) := _at_least(docs, "baseline")

_severities(docs) := {object.get(res, "severity", "as it is") | some res in _deny(docs)}

_policy(name, spec) := _doc(name, "kyverno.io/v1/ClusterPolicy", "", {"spec": spec})

_constraint(id, kind, spec) := _doc(id, sprintf("constraints.gatekeeper.sh/v1beta1/%s", [kind]), "", {"spec": spec})

_release(chart, values) := object.union(
	_doc("policies", "helm_release", "helm_release", {}),
	{"attr": {"chart": chart, "values": values}},
)

test_a_namespace_without_the_label_fails if {
	some labels in [{}, {"pod-security.kubernetes.io/warn": "restricted"}]
	some res in _deny([_namespace(labels)])
	res.document == "shop"
	res.path == `labels["pod-security.kubernetes.io/enforce"]`
	res.message == `namespace "shop" enforces no Pod Security level`
	not res.severity
	not res.unknown
}

test_a_namespace_with_a_level_passes if {
	every level in ["baseline", "restricted"] {
		_deny([_level(level)]) == set()
	}
}

test_a_misspelled_level_fails if {
	some res in _deny([_level("Restricted")])
	res.message == `namespace "shop" enforces Restricted, which is no Pod Security level`
}

test_an_explicit_privileged_is_left_to_the_rule_about_it if _deny([_level("privileged")]) == set()

test_the_lowest_level_is_a_parameter if {
	some res in _at_least([_level("baseline")], "restricted")
	res.message == `namespace "shop" enforces baseline, which is below restricted`
	_at_least([_level("restricted")], "restricted") == set()
	_at_least([_level("privileged")], "restricted") == set()
}

test_exempt_namespaces_pass if {
	every name in ["kube-system", "tools"] {
		_deny([object.union(_namespace({}), {"name": name})]) == set()
	}
	count(_deny([object.union(_namespace({}), {"name": "tools-2"})])) == 1
}

_labels(kind, name, labels) := _doc("labels", "kubernetes_labels", "", {
	"kind": kind, "metadata": [{"name": name}], "labels": labels,
})

test_labels_of_a_resource_of_their_own_count if {
	_deny([_namespace({}), _labels("Namespace", "shop", {_key: "baseline"})]) == set()
	count(_deny([_namespace({}), _labels("Namespace", "cart", {_key: "baseline"})])) == 1
	count(_deny([_namespace({}), _labels("Node", "shop", {_key: "baseline"})])) == 1
	count(_deny([_namespace({}), _labels("Namespace", "shop", {"team": "a"})])) == 1
}

test_a_kyverno_policy_that_says_the_same_makes_it_information if {
	enforced := _policy("pss", {"rules": [
		{"name": "first"},
		{"validate": {"failureAction": "Enforce", "podSecurity": {"level": "baseline"}}},
	]})
	some res in _deny([_namespace({}), enforced])
	res.severity == "info"
	res.related == [{"document": "pss", "path": "", "message": "enforces the same"}]
}

test_a_kyverno_policy_that_audits_does_not if {
	audited := _policy("pss", {"rules": [
		{"validate": {"failureAction": "Enforce"}},
		{"validate": {"failureAction": "Audit", "podSecurity": {"level": "baseline"}}},
	]})
	_severities([_namespace({}), audited]) == {"as it is"}
}

test_a_kyverno_policy_about_something_else_does_not if {
	other := _policy("labels", {"rules": [{"validate": {"failureAction": "Enforce", "pattern": {}}}]})
	_severities([_namespace({}), other]) == {"as it is"}
}

test_the_chart_of_policies_counts_when_it_enforces if {
	every values in [
		{"validationFailureAction": "Enforce"},
		{"validationFailureAction": "enforce", "podSecurityStandard": "baseline"},
		{"validationFailureAction": "Enforce", "podSecurityStandard": "restricted"},
	] {
		_severities([_namespace({}), _release("kyverno/kyverno-policies", values)]) == {"info"}
	}
	every values in [
		{},
		{"validationFailureAction": "Audit"},
		{"validationFailureAction": "Enforce", "podSecurityStandard": "custom"},
	] {
		_severities([_namespace({}), _release("kyverno-policies", values)]) == {"as it is"}
	}
	_severities([_namespace({}), _release("kyverno", {"validationFailureAction": "Enforce"})]) == {"as it is"}
}

_library(names, action) := [_policy(name, {"validationFailureAction": action, "rules": [{}]}) | some name in names]

_with(documents) := _severities(array.concat([_namespace({})], documents))

test_the_library_of_kyverno_counts_when_it_enforces_both if {
	both := ["disallow-privileged-containers", "disallow-host-namespaces"]
	_with(_library(both, "Enforce")) == {"info"}
	_with(_library(both, "Audit")) == {"as it is"}
	_with(_library(["disallow-privileged-containers"], "Enforce")) == {"as it is"}
	_with(_library(["disallow-privileged-containers", "require-labels"], "Enforce")) == {"as it is"}
	_with(_library(["require-ro-rootfs", "require-labels"], "Enforce")) == {"as it is"}
	_with(_library(array.concat(both, ["require-labels"]), "Enforce")) == {"info"}
}

test_the_library_of_gatekeeper_counts_when_it_denies_both if {
	privileged := _constraint("p", "K8sPSPPrivilegedContainer", {})
	host := _constraint("h", "K8sPSPHostNamespace", {"enforcementAction": "deny"})
	dry := _constraint("h", "K8sPSPHostNamespace", {"enforcementAction": "dryrun"})
	_with([privileged, host]) == {"info"}
	_with([privileged, dry]) == {"as it is"}
	_with([privileged]) == {"as it is"}
	_with([privileged, _constraint("l", "K8sRequiredLabels", {})]) == {"as it is"}
	_with([privileged, object.union(dry, {"id": "a"}), host]) == {"info"}
}

_open(namespace) := object.union(namespace, {"unknown": {`labels["pod-security.kubernetes.io/enforce"]`: {"reason": "after_apply"}}})

test_a_label_that_is_not_known_yet_is_unknown if {
	found := _deny([_open(_namespace({}))])
	{res.unknown | some res in found} == {"after apply"}
	{res.message | some res in found} == {`whether namespace "shop" enforces a Pod Security level is not known`}
}

test_a_level_that_is_known_is_judged_whatever_else_is_not if {
	_deny([_open(_level("baseline"))]) == set()
	_deny([_open(_namespace({})), _labels("Namespace", "shop", {_key: "baseline"})]) == set()
}

_undeclared(name, docs) := {res |
	some res in rule.deny with input.stack as _stack(
		array.concat([_doc("b", "v1/Pod", "workload", {}), _doc("a", "v1/Pod", "workload", {})], docs),
		{"namespaces": {name: {"document": null, "workloads": ["b", "a"]}}},
	)
		with data.plimsoll.params.adm.no_pod_security as _params("baseline")
}

test_a_namespace_that_nobody_declares_is_unknown_once if {
	some res in _undeclared("cart", [])
	count(_undeclared("cart", [])) == 1
	res.document == "a"
	res.unknown == "the namespace is not in the input"
	contains(res.message, `namespace "cart"`)
}

test_a_namespace_that_nobody_declares_may_be_exempt if _undeclared("kube-system", []) == set()

test_a_namespace_that_nobody_declares_is_a_policy_engines_matter if {
	enforced := _policy("pss", {"rules": [{"validate": {"failureAction": "Enforce", "podSecurity": {}}}]})
	_undeclared("cart", [enforced]) == set()
}

test_a_declared_namespace_is_not_asked_for_twice if {
	found := {res |
		some res in rule.deny with input.stack as _stack(
			[_level("baseline"), _doc("a", "v1/Pod", "workload", {})],
			{"namespaces": {"shop": {"document": "shop", "workloads": ["a"]}}},
		)
			with data.plimsoll.params.adm.no_pod_security as _params("baseline")
	}
	found == set()
}
