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

_under(profile, version, pod, add) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"pod": pod,
		"containers": [{"name": "a", "securityContext": {"capabilities": {"add": add}}}],
	}}
		with data.plimsoll.profile as profile
		with data.plimsoll.kube_version as version
		with data.plimsoll.params.pod.added_capability as {"allowed_capabilities": ["SYS_TIME"]}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_first := {"containers[0].securityContext.capabilities.add[0]"}

test_the_baseline_profile_has_its_own_list if {
	_under("pss-baseline", "latest", {}, ["CHOWN"]) == set()
	_under("pss-baseline", "latest", {}, ["SYS_TIME"]) == _first
	_under("pss-baseline", "latest", {}, ["CAP_CHOWN"]) == _first
	_under("pss-baseline", "latest", {}, [null]) == _first
}

test_the_restricted_profile_leaves_one if {
	_under("pss-restricted", "latest", {}, ["CHOWN"]) == _first
	_under("pss-restricted", "latest", {}, ["NET_BIND_SERVICE"]) == set()
	_under("pss-restricted", "1.21", {}, ["CHOWN"]) == set()
	_under("pss-restricted", "1.21", {}, ["SYS_TIME"]) == _first
}

test_the_restricted_profile_exempts_windows_from_1_25 if {
	_under("pss-restricted", "1.25", {"os": {"name": "windows"}}, ["CHOWN"]) == set()
	_under("pss-restricted", "1.24", {"os": {"name": "windows"}}, ["CHOWN"]) == _first
}

test_what_is_no_list_is_not_judged if {
	_deny({"a": "SYS_ADMIN"}) == set()
	_deny("SYS_ADMIN") == set()
}
