package plimsoll.rules.adm.broad_exemption_test

import data.plimsoll.rules.adm.broad_exemption as rule

_judge(document) := {res |
	some res in rule.deny with input as object.union({"name": "legacy", "type": "", "attr": {}, "raw": {}}, document)
		with data.plimsoll.params.adm.broad_exemption as {"exempt_namespaces": ["kube-*", "kyverno"]}
}

_old(spec) := _judge({"kind": "kyverno.io/v2/PolicyException", "raw": {"spec": spec}})

_new(spec) := _judge({"kind": "policies.kyverno.io/v1/PolicyException", "raw": {"spec": spec}})

_places(found) := {res.path | some res in found}

_narrow := {"any": [{"resources": {"kinds": ["Pod"], "namespaces": ["shop"], "names": ["legacy-*"]}}]}

test_an_exception_from_every_policy_fails if {
	found := _old({"exceptions": [{"policyName": "host-path"}, {"policyName": "*", "ruleNames": ["*"]}], "match": _narrow})
	_places(found) == {"spec.exceptions[1].policyName"}
	{res.message | some res in found} == {`PolicyException "legacy" is from every policy`}
}

test_an_exception_from_one_policy_passes if {
	_old({"exceptions": [{"policyName": "host-path", "ruleNames": ["*"]}], "match": _narrow}) == set()
}

_any(filter) := _old({"match": {"any": [_narrow.any[0], filter]}})

test_an_exception_for_every_object_fails if {
	every resources in [
		{"kinds": ["Pod"]},
		{"kinds": ["Pod"], "operations": ["CREATE"]},
		{"kinds": ["Pod"], "names": ["*"]},
		{"kinds": ["Pod"], "name": "*"},
		{"kinds": ["Pod"], "namespaces": ["*", "*"]},
		{"kinds": ["Pod"], "selector": {}},
		{"kinds": ["Pod"], "namespaceSelector": {}},
		{"kinds": ["Pod"], "annotations": {}},
		{"kinds": ["Pod"], "names": []},
		{"kinds": ["Pod"], "names": null},
	] {
		found := _any({"resources": resources})
		_places(found) == {"spec.match.any[1]"}
		{res.message | some res in found} == {`PolicyException "legacy" is for every object of its kinds, in every namespace`}
	}
	_places(_any({"subjects": []})) == {"spec.match.any[1]"}
}

test_a_filter_that_says_something_passes if {
	every resources in [
		{"names": ["*", "legacy"]},
		{"name": "legacy"},
		{"namespaces": ["shop"]},
		{"selector": {"matchLabels": {"app": "legacy"}}},
		{"namespaceSelector": {"matchLabels": {"team": "a"}}},
		{"annotations": {"exempt": "true"}},
		{"annotations": {"exempt": "*"}},
	] {
		_any({"resources": resources}) == set()
	}
	every filter in [
		{"subjects": [{"kind": "User", "name": "ci"}]},
		{"roles": ["shop:deployer"]},
		{"clusterRoles": ["deployer"]},
	] {
		_any(filter) == set()
	}
}

test_filters_that_must_all_match_narrow_together if {
	_old({"match": {"all": [{"resources": {"kinds": ["Pod"]}}, {"resources": {"namespaces": ["shop"]}}]}}) == set()
	_places(_old({"match": {"all": [{"resources": {"kinds": ["Pod"]}}]}})) == {"spec.match.all"}
	_places(_old({"match": {"all": []}})) == {"spec.match.all"}
	_old({"match": {"all": "everything"}}) == set()
}

test_what_is_no_list_is_not_judged if {
	_old({"match": {"any": {"a": {"resources": {}}}}}) == set()
	_judge({
		"type": "webhook_configuration", "kind": "x", "name": "kyverno",
		"attr": {"webhooks": {"a": _hook("shop")}},
	}) == set()
	_judge({
		"type": "webhook_configuration", "kind": "x", "name": "kyverno",
		"attr": {"webhooks": [{"namespaceSelector": {"matchExpressions": {"a": _not_in("shop")}}}]},
	}) == set()
}

test_a_new_exception_from_every_policy_fails if {
	found := _new({"policyRefs": [{"name": "host-path"}, {"name": "*"}], "images": ["ghcr.io/acme/*"]})
	_places(found) == {"spec.policyRefs[1].name"}
	{res.message | some res in found} == {`PolicyException "legacy" is from every policy`}
}

test_a_new_exception_for_everything_fails if {
	every spec in [{}, {"matchConditions": []}, {"images": ["*"]}, {"allowedValues": ["*"]}] {
		found := _new(spec)
		_places(found) == {"spec"}
		{res.message | some res in found} == {`PolicyException "legacy" is for everything that its policies judge`}
	}
}

test_a_new_exception_for_something_passes if {
	_new({"matchConditions": [{"name": "a", "expression": "object.metadata.name == 'a'"}]}) == set()
	_new({"images": ["ghcr.io/acme/*"]}) == set()
	_new({"allowedValues": ["NET_ADMIN"]}) == set()
	_new("all") == set()
}

_config(names) := _judge({
	"kind": "config.gatekeeper.sh/v1alpha1/Config",
	"raw": {"spec": {"match": [{}, {"excludedNamespaces": names, "processes": ["*"]}]}},
})

test_a_tenant_that_gatekeeper_leaves_out_fails if {
	found := _config(["kube-system", "shop", "*"])
	_places(found) == {"spec.match[1].excludedNamespaces[1]", "spec.match[1].excludedNamespaces[2]"}
	{res.message | some res in found} == {"Gatekeeper does not judge namespace shop", "Gatekeeper does not judge namespace *"}
}

test_system_namespaces_may_be_left_out if {
	_config(["kube-system", "kube-*", "kyverno"]) == set()
	_config([null, 7]) == set()
}

test_another_kind_of_exclusion_is_not_gatekeepers if {
	_judge({"kind": "example.com/v1/Settings", "raw": {"spec": {"match": [{"excludedNamespaces": ["shop"]}]}}}) == set()
	_judge({"kind": "example.com/v1/Settings", "raw": {"spec": {"exceptions": [{"policyName": "*"}], "policyRefs": [{"name": "*"}], "match": {"any": [{}], "all": []}}}}) == set()
}

_labeled(type, name, labels) := _judge({"kind": "v1/Namespace", "type": type, "name": name, "attr": {"labels": labels}})

_ignore := {"admission.gatekeeper.sh/ignore": "no-self-managing"}

test_a_namespace_that_leaves_itself_out_fails if {
	found := _labeled("namespace", "shop", _ignore)
	_places(found) == {`labels["admission.gatekeeper.sh/ignore"]`}
	{res.message | some res in found} == {"Gatekeeper does not judge namespace shop"}
	_labeled("namespace", "kube-system", _ignore) == set()
	_labeled("namespace", "shop", {"team": "a"}) == set()
	_labeled("workload", "shop", _ignore) == set()
}

_not_in(namespace) := {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", namespace]}

_hook(namespace) := {"name": "validate.kyverno.svc-fail", "namespaceSelector": {"matchExpressions": [{"key": "team", "operator": "Exists"}, _not_in(namespace)]}}

_webhooks(name, webhooks) := _judge({
	"kind": "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration", "type": "webhook_configuration",
	"name": name, "attr": {"webhooks": webhooks},
})

_selecting(expression) := _webhooks("kyverno", [{"namespaceSelector": {"matchExpressions": [expression]}}])

test_a_tenant_that_the_webhook_leaves_out_fails if {
	found := _webhooks("policies", [{}, _hook("shop")])
	_places(found) == {"webhooks[1].namespaceSelector.matchExpressions[1].values[1]"}
	{res.message | some res in found} == {`webhook "validate.kyverno.svc-fail" is not called for namespace shop`}
	_webhooks("policies", [_hook("kyverno")]) == set()
}

test_the_name_of_the_configuration_tells_the_engine_too if {
	some name in ["gatekeeper-validating-webhook-configuration"]
	found := _webhooks(name, [object.remove(_hook("shop"), ["name"])])
	{res.message | some res in found} == {sprintf("webhook %q is not called for namespace shop", [name])}
	_webhooks("cert-manager-webhook", [object.union(_hook("shop"), {"name": "webhook.cert-manager.io"})]) == set()
}

test_only_names_that_are_left_out_count if {
	count(_selecting(_not_in("shop"))) == 1
	_selecting(object.union(_not_in("shop"), {"operator": "In"})) == set()
	_selecting(object.union(_not_in("shop"), {"key": "team"})) == set()
}

test_a_document_of_another_type_is_no_webhook if {
	_judge({"kind": "x", "type": "workload", "name": "kyverno", "attr": {"webhooks": [_hook("shop")]}}) == set()
}
