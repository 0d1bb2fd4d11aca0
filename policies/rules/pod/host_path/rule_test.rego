package plimsoll.rules.pod.host_path_test

import data.plimsoll.rules.pod.host_path as rule

_deny(volumes, containers) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"pod": {"volumes": volumes},
		"containers": containers,
	}}
		with data.plimsoll.params.pod.host_path as {"allowed_host_paths": ["/var/log/pods*"]}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_volume(path) := {"name": "host", "hostPath": {"path": path}}

_mount(read_only) := {"name": "a", "volumeMounts": [{"name": "host", "readOnly": read_only}, {"name": "other"}]}

test_a_host_path_fails if {
	some res in _deny([{"name": "tmp", "emptyDir": {}}, _volume("/srv")], [_mount(false)])
	res.path == "pod.volumes[1].hostPath"
	contains(res.message, "/srv")
	not res.severity
}

test_the_root_keeps_its_slash if {
	some res in _deny([_volume("/")], [_mount(false)])
	contains(res.message, "the path / of")
}

test_read_only_mounts_are_low if {
	some res in _deny([_volume("/srv/")], [_mount(true)])
	res.severity == "low"
}

test_one_writable_mount_counts if {
	some res in _deny([_volume("/srv")], [_mount(true), _mount(false)])
	not res.severity
}

test_an_allowed_path_passes if _deny([_volume("/var/log/pods/")], [_mount(false)]) == set()

test_other_volumes_pass if _deny([{"name": "tmp", "emptyDir": {}}], [_mount(false)]) == set()

test_a_path_that_is_not_known_yet_fails if {
	some res in _deny([{"name": "host", "hostPath": {}}], [_mount(false)])
	contains(res.message, "is a path of the node")
}

test_a_volume_without_a_name_fails if count(_deny([{"hostPath": {"path": "/srv"}}], [])) == 1

_under(profile, volumes) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"pod": {"volumes": volumes},
	}}
		with data.plimsoll.profile as profile
		with data.plimsoll.params.pod.host_path as {"allowed_host_paths": ["*"]}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_the_profiles_allow_no_path if {
	_under("pss-baseline", [_volume("/srv")]) == {"pod.volumes[0].hostPath"}
	_under("pss-restricted", [_volume("/srv"), {"nfs": {}}]) == {"pod.volumes[0].hostPath"}
}

test_the_profiles_differ_about_two_sources_at_once if {
	both := {"hostPath": {"path": "/srv"}, "configMap": {}}
	count(_under("pss-baseline", [both])) == 1
	_under("pss-restricted", [both]) == set()
}
