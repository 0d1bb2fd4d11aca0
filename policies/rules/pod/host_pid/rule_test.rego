package plimsoll.rules.pod.host_pid_test

import data.plimsoll.rules.pod.host_pid as rule

_deny(attr) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": object.union({"kind": "Pod"}, attr)}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_sharing_fails if {
	some res in _deny({"host_pid": true})
	res.path == "host_pid"
}

test_a_namespace_of_its_own_passes if _deny({"host_pid": false}) == set()

test_nothing_written_passes if _deny({}) == set()
