package plimsoll.rules.pod.default_service_account_test

import data.plimsoll.rules.pod.default_service_account as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "web", "attr": object.union({"kind": "Deployment"}, attr)}}

test_the_default_account_fails if {
	some res in _deny({"service_account": "default", "automount_token": true})
	res.path == "service_account"
	not res.severity
}

test_it_is_low_without_its_token if {
	some res in _deny({"service_account": "default", "automount_token": false})
	res.severity == "low"
}

test_an_account_of_its_own_passes if _deny({"service_account": "web", "automount_token": true}) == set()

test_an_unknown_account_passes if _deny({"automount_token": true}) == set()
