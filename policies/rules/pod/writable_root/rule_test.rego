package plimsoll.rules.pod.writable_root_test

import data.plimsoll.rules.pod.writable_root as rule

_deny(os, effective) := {res |
	some res in rule.deny with input as {"name": "web", "attr": {
		"kind": "Deployment",
		"os": os,
		"containers": [{"name": "a", "effective": effective}],
	}}
}

test_nothing_written_fails if {
	some res in _deny("linux", {})
	res.path == "containers[0].effective.read_only_root_filesystem"
}

test_false_fails if count(_deny("linux", {"read_only_root_filesystem": false})) == 1

test_true_passes if _deny("linux", {"read_only_root_filesystem": true}) == set()

test_windows_passes if _deny("windows", {}) == set()
