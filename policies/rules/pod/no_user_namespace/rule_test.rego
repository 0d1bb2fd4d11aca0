package plimsoll.rules.pod.no_user_namespace_test

import data.plimsoll.rules.pod.no_user_namespace as rule

_in(version, attr) := {res |
	some res in rule.deny with input as {"name": "web", "attr": object.union({"kind": "Deployment", "pod": {}}, attr)}
		with data.plimsoll.kube_version as version
}

test_nothing_written_fails if {
	some res in _in("latest", {})
	res.path == "pod.hostUsers"
}

test_true_fails if count(_in("1.33", {"pod": {"hostUsers": true}})) == 1

test_false_passes if _in("latest", {"pod": {"hostUsers": false}}) == set()

test_older_clusters_pass if _in("1.32", {}) == set()

test_host_namespaces_and_windows_pass if {
	_in("latest", {"host_network": true}) == set()
	_in("latest", {"host_pid": true}) == set()
	_in("latest", {"host_ipc": true}) == set()
	_in("latest", {"os": "windows"}) == set()
}
