package plimsoll.rules.adm.slow_webhook_test

import data.plimsoll.rules.adm.slow_webhook as rule

_kind(version) := sprintf("admissionregistration.k8s.io/%s/MutatingWebhookConfiguration", [version])

_judge(kind, webhooks) := {res |
	some res in rule.deny with input as {"kind": kind, "name": "inject", "attr": {"webhooks": webhooks}}
		with data.plimsoll.params.adm.slow_webhook as {"max_timeout_s": 10}
}

_deny(webhook) := _judge(_kind("v1"), [webhook])

_good := {"name": "a", "timeoutSeconds": 10, "sideEffects": "NoneOnDryRun", "matchPolicy": "Equivalent"}

_with(change) := object.union(_good, change)

test_a_webhook_with_all_of_it_passes if {
	_deny(_good) == set()
	_deny(_with({"sideEffects": "None", "timeoutSeconds": 1})) == set()
}

test_a_timeout_above_the_limit_fails if {
	some res in _judge(_kind("v1"), [_good, _with({"timeoutSeconds": 11})])
	res.path == "webhooks[1].timeoutSeconds"
	res.message == `webhook "a" may take 11 seconds to answer`
	not res.severity
}

test_a_timeout_that_is_no_number_is_not_judged if _deny(_with({"timeoutSeconds": "30"})) == set()

test_side_effects_fail if {
	every effects in ["Some", "Unknown"] {
		found := _deny(_with({"sideEffects": effects}))
		{res.path | some res in found} == {"webhooks[0].sideEffects"}
		{res.message | some res in found} == {sprintf(`webhook "a" has side effects %s`, [effects])}
	}
}

test_the_match_policy_exact_is_worse if {
	some res in _deny(_with({"matchPolicy": "Exact"}))
	res.path == "webhooks[0].matchPolicy"
	res.severity == "medium"
	res.message == `webhook "a" is not called for other versions of the API`
}

test_what_is_left_out_is_what_the_version_says if {
	_deny({"name": "a"}) == set()
	found := _judge(_kind("v1beta1"), [{}])
	{res.path | some res in found} == {"webhooks[0].timeoutSeconds", "webhooks[0].sideEffects", "webhooks[0].matchPolicy"}
	some res in found
	contains(res.message, `webhook "inject"`)
	_judge(_kind("v1beta1"), [_good]) == set()
}

test_a_stricter_limit_is_below_the_default if {
	found := {res |
		some res in rule.deny with input as {"kind": _kind("v1"), "name": "inject", "attr": {"webhooks": [{"name": "a"}]}}
			with data.plimsoll.params.adm.slow_webhook as {"max_timeout_s": 5}
	}
	{res.message | some res in found} == {`webhook "a" may take 10 seconds to answer`}
}

_bad := {"name": "a", "timeoutSeconds": 30, "sideEffects": "Some", "matchPolicy": "Exact"}

test_what_is_no_list_is_not_judged if {
	_judge(_kind("v1"), {"a": _bad}) == set()
	_judge(_kind("v1"), "none") == set()
}
