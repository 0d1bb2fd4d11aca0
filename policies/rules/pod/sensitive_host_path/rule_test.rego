package plimsoll.rules.pod.sensitive_host_path_test

import data.plimsoll.rules.pod.sensitive_host_path as rule

_addons := {"workloads": [{
	"name": "exporter",
	"namespaces": ["monitoring"],
	"images": ["quay.io/prometheus/node-exporter"],
	"allows": {"PLM-POD-012": ["/", "/proc"], "PLM-POD-013": ["/proc"]},
	"reason": "it measures the node",
}]}

_paths := ["/", "/etc", "/var/run", "/run", "/var/lib/kubelet", "/lib/modules", "/proc"]

_in(namespace, path, containers) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": namespace, "attr": {
		"kind": "DaemonSet",
		"pod": {"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "host", "hostPath": {"path": path}}]},
		"containers": containers,
	}}
		with data.plimsoll.params.pod.sensitive_host_path as {"sensitive_paths": _paths}
		with data.plimsoll.facts.system_workloads as _addons
}

_mount(read_only) := {
	"name": "a",
	"image": "quay.io/prometheus/node-exporter:v1.8.2",
	"volumeMounts": [{"name": "host", "mountPath": "/host", "readOnly": read_only}],
}

_writable(path) := _in("shop", path, [_mount(true), _mount(false)])

_read_only(path) := _in("shop", path, [_mount(true)])

test_a_writable_mount_fails if {
	some res in _writable("/etc")
	res.path == "pod.volumes[1].hostPath.path"
	contains(res.message, "writable")
	not res.severity
}

test_nothing_said_about_reading_is_writable if {
	count(_in("shop", "/etc", [{"name": "a", "volumeMounts": [{"name": "host", "mountPath": "/host"}]}])) == 1
}

test_a_read_only_mount_is_high if {
	some res in _read_only("/etc")
	res.severity == "high"
}

test_children_and_parents_fail if {
	count(_writable("/etc/kubernetes/manifests/")) == 1
	count(_writable("/var/lib")) == 1
	count(_writable("/var")) == 1
	count(_writable("/")) == 1
}

test_tricks_do_not_help if {
	count(_writable("/var/../etc")) == 1
	count(_writable("//srv/./../etc/")) == 1
	count(_writable("/opt/../..//run")) == 1
}

test_other_paths_pass if {
	_writable("/srv/data") == set()
	_writable("/etcd") == set()
	_writable("/opt/run") == set()
	_writable("/etc/../srv") == set()
}

test_modules_may_be_read if {
	_read_only("/lib/modules") == set()
	_read_only("/lib/modules/5.10") == set()
	count(_writable("/lib/modules")) == 1
}

test_a_volume_that_nobody_mounts_passes if _in("shop", "/etc", [{"name": "a"}]) == set()

test_a_path_that_is_not_known_yet_passes if _in("shop", null, [_mount(false)]) == set()

test_a_system_addon_may_read_but_not_write_its_paths if {
	some read in _in("monitoring", "/", [_mount(true)])
	read.exempt
	some written in _in("monitoring", "/", [_mount(false)])
	not written.exempt
	some own in _in("monitoring", "/proc", [_mount(false)])
	own.exempt
}
