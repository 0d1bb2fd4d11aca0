package plimsoll.rules.adm.catch_all_webhook_test

import data.plimsoll.rules.adm.catch_all_webhook as rule

_kind(version) := sprintf("admissionregistration.k8s.io/%s/ValidatingWebhookConfiguration", [version])

_judge(kind, webhooks) := {res |
	some res in rule.deny with input as {"kind": kind, "name": "guard", "attr": {"webhooks": webhooks}}
}

_deny(webhook) := _judge(_kind("v1"), [webhook])

_all := {"apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"], "operations": ["*"]}

_with(change) := object.union({"name": "a", "failurePolicy": "Fail", "rules": [_all]}, change)

_rule(change) := _with({"rules": [object.union(_all, change)]})

test_a_webhook_for_everything_fails if {
	some res in _deny(_with({"rules": [{"apiGroups": ["apps"]}, _all]}))
	res.path == "webhooks[0].rules[1]"
	res.message == `webhook "a" is called for every change, kube-system's too, and fails closed`
}

test_a_webhook_without_a_name_is_named_after_its_configuration if {
	some res in _deny({"rules": [_all]})
	contains(res.message, `webhook "guard"`)
}

test_every_form_of_everything_fails if {
	count(_deny(_rule({"resources": ["*/*"]}))) == 1
	count(_deny(_rule({"resources": ["pods", "*"]}))) == 1
	count(_deny(_rule({"apiGroups": ["", "*"]}))) == 1
	count(_deny(_rule({"operations": ["DELETE", "UPDATE", "CREATE"]}))) == 1
}

test_a_narrower_webhook_passes if {
	_deny(_rule({"apiGroups": ["apps"]})) == set()
	_deny(_rule({"apiGroups": []})) == set()
	_deny(_rule({"resources": ["pods"]})) == set()
	_deny(_rule({"resources": ["*/status"]})) == set()
	every operations in [["CREATE", "UPDATE"], ["CREATE", "DELETE"], ["UPDATE", "DELETE"], ["CONNECT"], []] {
		_deny(_rule({"operations": operations})) == set()
	}
}

test_a_webhook_that_fails_open_passes if _deny(_with({"failurePolicy": "Ignore"})) == set()

test_the_default_depends_on_the_version if {
	webhook := object.remove(_with({}), ["failurePolicy"])
	count(_judge(_kind("v1"), [webhook])) == 1
	_judge(_kind("v1beta1"), [webhook]) == set()
	count(_judge(_kind("v1beta1"), [_with({})])) == 1
}

_not_in(values) := {"matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": values}]}

test_a_webhook_that_leaves_kube_system_out_passes if {
	_deny(_with({"namespaceSelector": _not_in(["kube-system"])})) == set()
	_deny(_with({"namespaceSelector": {"matchLabels": {"guarded": "true"}}})) == set()
	_deny(_with({"objectSelector": {"matchLabels": {"guarded": "true"}}})) == set()
	_deny(_with({"matchConditions": [{"name": "x", "expression": `request.namespace != "kube-system"`}]})) == set()
}

test_a_selector_that_spares_nothing_does_not if {
	count(_deny(_with({"namespaceSelector": {}}))) == 1
	count(_deny(_with({"namespaceSelector": null}))) == 1
	count(_deny(_with({"namespaceSelector": _not_in(["shop"])}))) == 1
	count(_deny(_with({"objectSelector": {"matchExpressions": [{"key": "skip", "operator": "DoesNotExist"}]}}))) == 1
	count(_deny(_with({"matchConditions": [{"name": "kube-system", "expression": "true"}]}))) == 1
}

test_what_is_no_list_is_not_judged if {
	_judge(_kind("v1"), {"a": _with({})}) == set()
	_deny(_with({"rules": {"a": _all}})) == set()
	_deny(_with({"rules": "all"})) == set()
}
