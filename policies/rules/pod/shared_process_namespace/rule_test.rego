package plimsoll.rules.pod.shared_process_namespace_test

import data.plimsoll.rules.pod.shared_process_namespace as rule

_deny(pod) := {res | some res in rule.deny with input as {"name": "web", "attr": {"kind": "Deployment", "pod": pod}}}

test_sharing_fails if {
	some res in _deny({"shareProcessNamespace": true})
	res.path == "pod.shareProcessNamespace"
}

test_others_pass if {
	_deny({"shareProcessNamespace": false}) == set()
	_deny({}) == set()
}
