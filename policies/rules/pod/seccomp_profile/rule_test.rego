package plimsoll.rules.pod.seccomp_profile_test

import data.plimsoll.rules.pod.seccomp_profile as rule

_with(os, effective, version) := {res |
	some res in rule.deny with input as {"name": "web", "attr": {
		"kind": "Deployment",
		"os": os,
		"containers": [{"name": "a", "effective": effective}],
	}}
		with data.plimsoll.params.pod.seccomp_profile as {"pss_version": version}
}

_deny(effective) := _with("linux", effective, "latest")

test_nothing_written_fails if {
	some res in _deny({})
	res.path == "containers[0].effective.seccomp_type"
}

test_a_profile_passes if _deny({"seccomp_type": "RuntimeDefault"}) == set()

test_unconfined_is_another_rules_matter if _deny({"seccomp_type": "Unconfined"}) == set()

test_an_annotation_counts_before_1_27_only if {
	legacy := {"seccomp_type": "RuntimeDefault", "seccomp_legacy": true}
	count(_deny(legacy)) == 1
	count(_with("linux", legacy, "1.27")) == 1
	_with("linux", legacy, "1.26") == set()
}

test_windows_passes if _with("windows", {}, "latest") == set()
