package plimsoll.rules.pod.windows_host_process_test

import data.plimsoll.rules.pod.windows_host_process as rule

_at(attr) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": object.union({"kind": "Pod"}, attr)}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_options(value) := {"windowsOptions": {"hostProcess": value}}

test_a_pod_of_host_processes_fails if {
	_at({"pod": {"securityContext": _options(true)}}) == {"pod.securityContext.windowsOptions.hostProcess"}
}

test_a_container_that_is_one_fails if {
	_at({"containers": [{"name": "a"}, {"name": "b", "securityContext": _options(true)}]}) == {"containers[1].securityContext.windowsOptions.hostProcess"}
}

test_others_pass if {
	_at({"pod": {"securityContext": _options(false)}, "containers": [{"name": "a", "securityContext": _options(null)}]}) == set()
	_at({"containers": [{"name": "a"}]}) == set()
}
