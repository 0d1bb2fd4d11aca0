package plimsoll.rules.pod.service_links_test

import data.plimsoll.rules.pod.service_links as rule

_deny(pod) := {res | some res in rule.deny with input as {"name": "web", "attr": {"kind": "Deployment", "pod": pod}}}

test_the_default_fails if {
	some res in _deny({})
	res.path == "pod.enableServiceLinks"
}

test_true_fails if count(_deny({"enableServiceLinks": true})) == 1

test_false_passes if _deny({"enableServiceLinks": false}) == set()
