package plimsoll.rules.pod.undropped_capabilities_test

import data.plimsoll.rules.pod.undropped_capabilities as rule

_with(profile, attr) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": object.union({"kind": "Deployment"}, attr)}
		with data.plimsoll.profile as profile
		with data.plimsoll.facts.system_workloads as {"workloads": [{
			"name": "cni",
			"namespaces": ["shop"],
			"images": ["cni"],
			"allows": {"PLM-POD-001": ["init"]},
			"reason": "it sets up the network",
		}]}
}

_dropping(drop) := {"containers": [{"name": "a", "securityContext": {"capabilities": {"drop": drop}}}]}

_deny(drop) := _with("default", _dropping(drop))

test_nothing_written_fails if {
	some res in _with("default", {"containers": [{"name": "a"}]})
	res.path == "containers[0].securityContext.capabilities.drop"
	not res.exempt
}

test_dropping_some_fails if count(_deny(["NET_RAW", "KILL"])) == 1

test_dropping_all_passes_however_written if {
	_deny(["ALL"]) == set()
	_deny(["all"]) == set()
	_deny(["NET_RAW", "CAP_ALL"]) == set()
}

test_windows_passes if _with("default", {"os": "windows", "containers": [{"name": "a"}]}) == set()

test_a_container_that_may_be_privileged_is_exempt if {
	some res in _with("default", {"containers": [{"name": "init", "image": "cni:v1"}]})
	res.exempt
}

test_the_restricted_profile_takes_the_name_literally if {
	count(_with("pss-restricted", _dropping(["all"]))) == 1
	_with("pss-restricted", _dropping(["ALL"])) == set()
}

test_the_restricted_profile_knows_no_system_addons if {
	some res in _with("pss-restricted", {"containers": [{"name": "init", "image": "cni:v1"}]})
	not res.exempt
}

test_the_restricted_profile_goes_by_os_name if {
	_with("pss-restricted", {"pod": {"os": {"name": "windows"}}, "containers": [{"name": "a"}]}) == set()
	count(_with("pss-restricted", {"os": "windows", "containers": [{"name": "a"}]})) == 1
}

test_what_is_added_is_another_rules_matter if {
	_with("pss-restricted", {"containers": [{
		"name": "a",
		"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["SYS_TIME"]}},
	}]}) == set()
}
