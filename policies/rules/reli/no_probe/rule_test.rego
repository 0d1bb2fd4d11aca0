package plimsoll.rules.reli.no_probe_test

import data.plimsoll.rules.reli.no_probe as rule

_found(container, services, unknown) := found if {
	found := rule.deny with input as {"stack": {
		"documents": {
			"w": {"id": "w", "unknown": unknown, "partial": {}, "attr": {"kind": "Deployment", "containers": [object.union({"class": "container", "name": "a"}, container)]}},
			"s": {"id": "s", "name": "web"},
		},
		"by_type": {"workload": ["w"]},
		"links": {"services_of": {"w": [{"to": s} | some s in services]}},
	}}
}

_paths(container) := {[res.path, res.severity] | some res in _found(container, ["s"], {}); not res.unknown}

test_without_probes_fails_twice if {
	_paths({}) == {["containers[0].readinessProbe", "low"], ["containers[0].livenessProbe", "info"]}
}

test_each_probe_counts_for_itself if {
	_paths({"readinessProbe": {"exec": {}}}) == {["containers[0].livenessProbe", "info"]}
	_paths({"livenessProbe": {"exec": {}}}) == {["containers[0].readinessProbe", "low"]}
}

test_both_probes_pass if _paths({"readinessProbe": {"exec": {}}, "livenessProbe": {"exec": {}}}) == set()

test_without_a_service_passes if _found({}, [], {}) == set()

test_init_containers_pass if _paths({"class": "init"}) == set()

test_an_unknown_probe_is_unknown if {
	some res in _found({"livenessProbe": {}}, ["s"], {"containers[0].readinessProbe": {"reason": "after_apply"}})
	res.unknown == "after apply"
}
