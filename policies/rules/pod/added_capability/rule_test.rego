package plimsoll.rules.pod.added_capability_test

import data.plimsoll.rules.pod.added_capability as rule

_deny(add) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"containers": [{"name": "a"}, {"name": "b", "securityContext": {"capabilities": {"add": add}}}],
	}}
		with data.plimsoll.params.pod.added_capability as {"allowed_capabilities": ["CHOWN", "NET_BIND_SERVICE"]}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_a_capability_that_is_not_allowed_fails if {
	some res in _deny(["CHOWN", "NET_RAW"])
	res.path == "containers[1].securityContext.capabilities.add[1]"
	contains(res.message, "NET_RAW")
}

test_allowed_capabilities_pass_however_written if _deny(["CHOWN", "CAP_NET_BIND_SERVICE", "chown"]) == set()

test_no_capabilities_pass if _deny([]) == set()
