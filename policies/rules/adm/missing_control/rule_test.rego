package plimsoll.rules.adm.missing_control_test

import data.plimsoll.rules.adm.missing_control as rule

_controls := {
	"privileged": {
		"kyverno": ["disallow-privileged-*"], "kyverno_fields": ["podSecurity"],
		"gatekeeper": ["K8sPSPPrivilegedContainer"], "expressions": [".privileged"],
	},
	"signatures": {"kyverno": ["verify-*"], "kyverno_fields": ["verifyImages"], "gatekeeper": [], "expressions": []},
}

_doc(id, kind, name, spec) := {"id": id, "kind": kind, "name": name, "raw": {"spec": spec}, "unknown": {}, "partial": {}}

_signs := [{"document": "k", "name": "Kyverno", "path": ""}, {"document": "z", "name": "Other", "path": ""}]

_all(docs, facts, required) := {res |
	some res in rule.deny with input.stack as {
		"documents": {d.id: d | some d in docs},
		"by_kind": {kind: [d.id | some d in docs; d.kind == kind] | some kind in {d.kind | some d in docs}},
		"facts": facts,
	}
		with data.plimsoll.params.adm.missing_control as {"required_admission_controls": required}
		with data.plimsoll.facts.admission_controls as {"controls": _controls}
}

_engine := _doc("k", "apps/v1/Deployment", "kyverno", {})

_deny(docs, required) := _all(array.concat([_engine], docs), {"policy_engines": _signs}, required)

_policy(name, spec) := _doc("p", "kyverno.io/v1/ClusterPolicy", name, spec)

_new(kind, spec) := _doc("p", sprintf("policies.kyverno.io/v1/%s", [kind]), "a", spec)

test_a_control_that_no_policy_covers_is_a_gap if {
	some res in _deny([_policy("require-labels", {"rules": [{"validate": {"pattern": {}}}]})], ["privileged"])
	res.document == "k"
	res.path == ""
	res.message == "no policy of Kyverno covers privileged"
}

test_each_control_is_told if count(_deny([], ["privileged", "signatures"])) == 2

test_a_control_that_nobody_knows_is_told if count(_deny([_policy("a", {})], ["mood"])) == 1

test_nothing_is_required_unless_somebody_says if _deny([], []) == set()

test_without_an_engine_there_is_no_gap if {
	_all([_engine], {"policy_engines": []}, ["privileged"]) == set()
	_all([_engine], {}, ["privileged"]) == set()
}

_covers(document) if _deny([document], ["privileged"]) == set()

test_a_policy_of_a_known_name_covers_it if {
	_covers(_policy("disallow-privileged-containers", {}))
	_covers(_doc("p", "kyverno.io/v1/Policy", "disallow-privileged-containers", {}))
	not _covers(_doc("p", "kyverno.io/v2/PolicyException", "disallow-privileged-containers", {}))
	not _covers(_doc("p", "v1/ConfigMap", "disallow-privileged-containers", {}))
}

test_a_field_of_a_rule_covers_it if {
	_covers(_policy("a", {"rules": [{}, {"validate": {"podSecurity": {"level": "baseline"}}}]}))
	_deny([_policy("a", {"rules": [{"verifyImages": []}]})], ["signatures"]) == set()
	not _covers(_policy("a", {"rules": [{"verifyImages": []}]}))
}

test_a_policy_for_images_covers_signatures if {
	_deny([_new("ImageValidatingPolicy", {})], ["signatures"]) == set()
	_deny([_new("NamespacedImageValidatingPolicy", {})], ["signatures"]) == set()
	count(_deny([_new("ValidatingPolicy", {})], ["signatures"])) == 1
	not _covers(_new("ImageValidatingPolicy", {}))
}

test_a_constraint_of_the_library_covers_it if {
	_covers(_doc("g", "constraints.gatekeeper.sh/v1beta1/K8sPSPPrivilegedContainer", "any", {}))
	not _covers(_doc("g", "constraints.gatekeeper.sh/v1beta1/K8sRequiredLabels", "any", {}))
	not _covers(_doc("g", "templates.gatekeeper.sh/v1/K8sPSPPrivilegedContainer", "any", {}))
}

_expressions(list) := {"validations": [{"expression": expression} | some expression in list]}

test_an_expression_covers_it if {
	of := ["true", "object.spec.containers.all(c, !c.securityContext.privileged)"]
	_covers(_new("ValidatingPolicy", _expressions(of)))
	_covers(_doc("v", "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy", "a", _expressions(of)))
	not _covers(_doc("v", "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy", "a", _expressions(of)))
	not _covers(_new("ValidatingPolicy", _expressions(["true", null])))
}
