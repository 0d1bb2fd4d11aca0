package plimsoll.rules.pod.restricted_volume_test

import data.plimsoll.rules.pod.restricted_volume as rule

_deny(volumes) := {res | some res in rule.deny with input as {"name": "web", "attr": {"kind": "Pod", "pod": {"volumes": volumes}}}}

test_a_file_server_fails if {
	some res in _deny([{"name": "tmp", "emptyDir": {}}, {"name": "data", "nfs": {"server": "nas", "path": "/"}}])
	res.path == "pod.volumes[1].nfs"
	not res.severity
}

test_a_repository_is_worse if {
	some res in _deny([{"name": "code", "gitRepo": {"repository": "https://example.com/a.git"}}])
	res.severity == "high"
}

test_allowed_types_pass if {
	sources := ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"]
	_deny([{"name": "v", source: {}} | some source in sources]) == set()
}

test_host_path_is_another_rules_matter if _deny([{"name": "host", "hostPath": {"path": "/srv"}}]) == set()

test_a_volume_without_a_source_is_an_empty_dir if _deny([{"name": "a"}, {"name": "b", "nfs": null}, {"name": "c", "nsf": {}}]) == set()
