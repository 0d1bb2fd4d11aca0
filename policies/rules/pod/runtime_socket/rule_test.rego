package plimsoll.rules.pod.runtime_socket_test

import data.plimsoll.rules.pod.runtime_socket as rule

_deny(path) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "falco", "attr": {
		"kind": "DaemonSet",
		"pod": {"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "host", "hostPath": {"path": path}}]},
		"containers": [{"name": "falco", "image": "falcosecurity/falco:0.40.0"}],
	}}
		with data.plimsoll.facts.system_workloads as {"workloads": [{
			"name": "falco",
			"namespaces": ["falco"],
			"images": ["falcosecurity/falco"],
			"allows": {"PLM-POD-012": ["/run/containerd/containerd.sock"]},
			"reason": "it watches",
		}]}
}

test_a_socket_fails if {
	some res in _deny("/var/run/docker.sock")
	res.path == "pod.volumes[1].hostPath.path"
	not res.exempt
}

test_every_runtime_counts if {
	every path in ["/run/docker.sock", "/run/crio/crio.sock", "/run/dockershim.sock", "/run/host-containerd/containerd.sock", "//var/run/../run/cri-dockerd.sock"] {
		count(_deny(path)) == 1
	}
}

test_the_folder_of_a_socket_fails if {
	count(_deny("/run/containerd/")) == 1
	count(_deny("/var/run")) == 1
}

test_other_paths_pass if {
	_deny("/srv/docker.sock.d") == set()
	_deny("/var/lib/docker") == set()
	_deny(null) == set()
}

test_a_system_addon_may_mount_its_own if {
	some res in _deny("/run/containerd/containerd.sock")
	res.exempt
}

test_what_is_no_list_is_not_judged if {
	found := {res |
		some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
			"kind": "Pod", "pod": {"volumes": {"a": {"name": "host", "hostPath": {"path": "/run/docker.sock"}}}},
		}}
			with data.plimsoll.facts.system_workloads as {"workloads": []}
	}
	found == set()
}
