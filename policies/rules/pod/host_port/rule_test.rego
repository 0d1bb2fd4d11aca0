package plimsoll.rules.pod.host_port_test

import data.plimsoll.rules.pod.host_port as rule

_addons := {"workloads": [{
	"name": "exporter",
	"namespaces": ["monitoring"],
	"images": ["quay.io/prometheus/node-exporter"],
	"allows": {"PLM-POD-011": ["9100"]},
	"reason": "it is scraped at the node",
}]}

_with(profile, namespace, container) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": namespace, "attr": {"kind": "Pod", "containers": [container]}}
		with data.plimsoll.profile as profile
		with data.plimsoll.params.pod.host_port as {"allowed_host_ports": [8125]}
		with data.plimsoll.facts.system_workloads as _addons
}

_deny(ports) := _with("default", "shop", {"name": "a", "image": "web:1", "ports": ports})

test_a_host_port_fails if {
	some res in _deny([{"containerPort": 80}, {"containerPort": 443, "hostPort": 8443}])
	res.path == "containers[0].ports[1].hostPort"
	contains(res.message, "port 8443")
	not res.exempt
}

test_no_port_and_port_0_pass if _deny([{"containerPort": 80}, {"hostPort": 0}, {"hostPort": null}]) == set()

test_an_allowed_port_passes if _deny([{"hostPort": 8125}]) == set()

test_a_profile_of_the_standards_allows_none if {
	count(_with("pss-baseline", "shop", {"name": "a", "ports": [{"hostPort": 8125}]})) == 1
}

_exporter(port) := {"name": "a", "image": "quay.io/prometheus/node-exporter:v1.8.2", "ports": [{"hostPort": port}]}

test_a_system_addon_may_bind_its_own_port_only if {
	some own in _with("default", "monitoring", _exporter(9100))
	own.exempt
	some other in _with("default", "monitoring", _exporter(9101))
	not other.exempt
}
