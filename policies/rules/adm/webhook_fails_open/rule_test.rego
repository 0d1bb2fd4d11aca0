package plimsoll.rules.adm.webhook_fails_open_test

import data.plimsoll.rules.adm.webhook_fails_open as rule

_v1 := "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration"

_v1beta1 := "admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration"

_deny(kind, name, webhooks) := {res |
	some res in rule.deny with input as {"kind": kind, "name": name, "attr": {"webhooks": webhooks}}
		with data.plimsoll.params.adm.webhook_fails_open as {"fail_closed_webhooks": ["*kyverno*", "*cosign*"]}
}

_open(name) := {"name": name, "failurePolicy": "Ignore"}

test_an_engine_that_fails_open_fails if {
	some res in _deny(_v1, "policies", [{"name": "other"}, _open("validate.kyverno.svc")])
	res.path == "webhooks[1].failurePolicy"
	res.message == `webhook "validate.kyverno.svc" lets everything pass while it does not answer`
}

test_the_name_of_the_configuration_counts_too if {
	some res in _deny(_v1, "kyverno-policies", [{"failurePolicy": "Ignore"}])
	contains(res.message, `webhook "kyverno-policies"`)
	count(_deny(_v1, "cosign-verify", [_open("verify.example.com")])) == 1
}

test_an_engine_that_fails_closed_passes if {
	_deny(_v1, "kyverno", [{"name": "a", "failurePolicy": "Fail"}]) == set()
}

test_another_webhook_may_fail_open if _deny(_v1, "mesh", [_open("inject.istio.io")]) == set()

test_the_default_depends_on_the_version if {
	_deny(_v1, "kyverno", [{"name": "a"}]) == set()
	count(_deny(_v1beta1, "kyverno", [{"name": "a"}])) == 1
}

test_what_is_no_list_is_not_judged if {
	_deny(_v1, "kyverno", {"a": _open("a")}) == set()
	_deny(_v1, "kyverno", ["a", null]) == set()
}
