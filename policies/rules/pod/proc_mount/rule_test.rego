package plimsoll.rules.pod.proc_mount_test

import data.plimsoll.rules.pod.proc_mount as rule

_with(profile, version, pod, type) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Pod",
		"pod": pod,
		"containers": [{"name": "a", "securityContext": {"procMount": type}}],
	}}
		with data.plimsoll.profile as profile
		with data.plimsoll.kube_version as version
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_place := {"containers[0].securityContext.procMount"}

test_an_unmasked_proc_fails if _with("default", "latest", {}, "Unmasked") == _place

test_the_default_passes if {
	_with("default", "latest", {}, "Default") == set()
	_with("default", "latest", {}, null) == set()
}

test_a_user_namespace_passes_from_1_35 if {
	_with("default", "1.35", {"hostUsers": false}, "Unmasked") == set()
	_with("default", "1.34", {"hostUsers": false}, "Unmasked") == _place
	_with("pss-baseline", "1.35", {"hostUsers": false}, "Unmasked") == set()
}

test_the_restricted_profile_knows_no_exception if {
	_with("pss-restricted", "1.35", {"hostUsers": false}, "Unmasked") == _place
	_with("pss-restricted", "1.34", {"hostUsers": false}, "Unmasked") == _place
}
