package plimsoll.rules.pod.privilege_escalation_test

import data.plimsoll.rules.pod.privilege_escalation as rule

_deny(os, container) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"os": os,
		"containers": [container],
	}}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_the_default_fails if {
	some res in _deny("linux", {"name": "a", "effective": {"allow_privilege_escalation": true}})
	res.path == "containers[0].effective.allow_privilege_escalation"
}

test_nothing_written_fails if count(_deny("linux", {"name": "a", "effective": {}})) == 1

test_false_passes if _deny("linux", {"name": "a", "effective": {"allow_privilege_escalation": false}}) == set()

test_windows_passes if _deny("windows", {"name": "a", "effective": {}}) == set()

test_false_beside_privileged_fails if {
	some res in _deny("linux", {"name": "a", "effective": {"allow_privilege_escalation": false, "privileged": true}})
	contains(res.message, "being privileged")
}

test_false_beside_sys_admin_fails if {
	some res in _deny("linux", {
		"name": "a",
		"effective": {"allow_privilege_escalation": false},
		"securityContext": {"capabilities": {"add": ["NET_RAW", "cap_sys_admin"]}},
	})
	contains(res.message, "CAP_SYS_ADMIN")
}

_under(profile, attr) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": object.union({"kind": "Deployment"}, attr)}
		with data.plimsoll.profile as profile
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_the_restricted_profile_asks_for_false if {
	_under("pss-restricted", {"containers": [{"name": "a", "effective": {}}]}) == {"containers[0].effective.allow_privilege_escalation"}
	_under("pss-restricted", {"containers": [{"name": "a", "effective": {"allow_privilege_escalation": false, "privileged": true}}]}) == set()
}

test_the_restricted_profile_goes_by_os_name if {
	_under("pss-restricted", {"pod": {"os": {"name": "windows"}}, "containers": [{"effective": {}}]}) == set()
	count(_under("pss-restricted", {"os": "windows", "containers": [{"effective": {}}]})) == 1
}

test_windows_passes_whatever_implies_it if {
	_deny("windows", {"name": "a", "effective": {"allow_privilege_escalation": false, "privileged": true}}) == set()
}

test_what_implies_it_is_not_told_twice if count(_deny("linux", {"name": "a", "effective": {"privileged": true}})) == 1

test_false_beside_another_capability_passes if {
	_deny("linux", {
		"name": "a",
		"effective": {"allow_privilege_escalation": false},
		"securityContext": {"capabilities": {"add": ["NET_BIND_SERVICE"]}},
	}) == set()
}
