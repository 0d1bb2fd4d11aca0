package plimsoll.rules.pod.foreign_probe_test

import data.plimsoll.rules.pod.foreign_probe as rule

_with(profile, version, container) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {"kind": "Pod", "containers": [container]}}
		with data.plimsoll.profile as profile
		with data.plimsoll.kube_version as version
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_deny(container) := _with("default", "1.30", container)

_elsewhere := {"livenessProbe": {"tcpSocket": {"host": "10.0.0.1", "port": 22}}}

test_probes_to_another_host_fail if {
	_deny({"name": "a", "readinessProbe": {"httpGet": {"host": "example.com"}}}) == {"containers[0].readinessProbe.httpGet.host"}
	_deny(_elsewhere) == {"containers[0].livenessProbe.tcpSocket.host"}
	_deny({"startupProbe": {"httpGet": {"host": "localhost"}}}) == {"containers[0].startupProbe.httpGet.host"}
}

test_handlers_to_another_host_fail if {
	_deny({"lifecycle": {"postStart": {"httpGet": {"host": "example.com"}}, "preStop": {"tcpSocket": {"host": "example.com"}}}}) == {
		"containers[0].lifecycle.postStart.httpGet.host",
		"containers[0].lifecycle.preStop.tcpSocket.host",
	}
}

test_probes_of_the_pod_pass if {
	_deny({"livenessProbe": {"httpGet": {"path": "/", "host": ""}}, "readinessProbe": {"exec": {"command": ["true"]}}, "lifecycle": null}) == set()
}

test_the_standards_ask_for_it_from_1_34 if {
	count(_with("pss-baseline", "1.34", _elsewhere)) == 1
	_with("pss-restricted", "1.33", _elsewhere) == set()
}
