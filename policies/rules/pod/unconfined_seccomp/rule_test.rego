package plimsoll.rules.pod.unconfined_seccomp_test

import data.plimsoll.rules.pod.unconfined_seccomp as rule

_with(profile, version, attr) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": object.union({"kind": "Pod"}, attr)}
		with data.plimsoll.profile as profile
		with data.plimsoll.kube_version as version
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_deny(attr) := _with("default", "latest", attr)

_profile(type) := {"seccompProfile": {"type": type}}

_pod(type) := {"pod": {"securityContext": _profile(type)}, "containers": [{"name": "a"}]}

_container(type) := {"containers": [{"name": "a"}, {"name": "b", "securityContext": _profile(type)}]}

_annotated(value) := {
	"annotations": {"container.seccomp.security.alpha.kubernetes.io/a": value},
	"containers": [{"name": "a"}],
}

test_an_unconfined_pod_fails if {
	some res in _deny(_pod("Unconfined"))
	res.path == "pod.securityContext.seccompProfile.type"
}

test_an_unconfined_container_fails if {
	some res in _deny(_container("Unconfined"))
	res.path == "containers[1].securityContext.seccompProfile.type"
}

test_a_profile_passes if {
	_deny(_pod("RuntimeDefault")) == set()
	_deny(_container("Localhost")) == set()
}

test_nothing_written_passes if _deny({"containers": [{"name": "a"}]}) == set()

test_an_annotation_counts_before_1_27_only if {
	some res in _with("default", "1.26", _annotated("unconfined"))
	res.path == `annotations["container.seccomp.security.alpha.kubernetes.io/a"]`
	_with("default", "1.26", _annotated("runtime/default")) == set()
	_with("default", "1.27", _annotated("unconfined")) == set()
}

test_the_standards_refuse_every_other_type if {
	count(_with("pss-baseline", "latest", _pod("Unknown"))) == 1
	count(_with("pss-restricted", "latest", {"pod": {"securityContext": {"seccompProfile": {}}}})) == 1
	_deny(_pod("Unknown")) == set()
}

test_the_baseline_read_annotations_before_there_was_a_field if {
	count(_with("pss-baseline", "1.18", _annotated("unconfined"))) == 1
	_with("pss-baseline", "1.19", _annotated("unconfined")) == set()
}

test_the_restricted_profile_exempts_windows if {
	attr := {"pod": {"os": {"name": "windows"}, "securityContext": _profile("Unconfined")}, "containers": []}
	_with("pss-restricted", "latest", attr) == set()
	count(_with("pss-baseline", "latest", attr)) == 1
}
