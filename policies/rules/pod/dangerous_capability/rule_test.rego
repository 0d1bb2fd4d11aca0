package plimsoll.rules.pod.dangerous_capability_test

import data.plimsoll.rules.pod.dangerous_capability as rule

_deny(add) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"containers": [{"name": "a", "securityContext": {"capabilities": {"add": add}}}],
	}}
		with data.plimsoll.params.pod.dangerous_capability as {"dangerous_capabilities": ["ALL", "NET_ADMIN", "SYS_ADMIN"]}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_a_dangerous_capability_fails if {
	some res in _deny(["CHOWN", "CAP_SYS_ADMIN"])
	res.path == "containers[0].securityContext.capabilities.add[1]"
	not res.severity
}

test_all_capabilities_fail if count(_deny(["all"])) == 1

test_net_admin_is_less_severe if {
	some res in _deny(["NET_ADMIN"])
	res.severity == "high"
}

test_other_capabilities_pass if _deny(["NET_RAW"]) == set()

_under(profile, pod, add) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"pod": pod,
		"containers": [{"name": "a", "securityContext": {"capabilities": {"add": add}}}],
	}}
		with data.plimsoll.profile as profile
		with data.plimsoll.params.pod.dangerous_capability as {"dangerous_capabilities": ["SYS_ADMIN"]}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_the_profiles_report_what_their_check_forbids if {
	_under("pss-baseline", {}, ["SYS_ADMIN", "NET_RAW"]) == {"containers[0].securityContext.capabilities.add[0]"}
	_under("pss-restricted", {"os": {"name": "windows"}}, ["SYS_ADMIN"]) == set()
}

test_what_is_no_list_is_not_judged if {
	_deny({"a": "SYS_ADMIN"}) == set()
	_deny("SYS_ADMIN") == set()
}
