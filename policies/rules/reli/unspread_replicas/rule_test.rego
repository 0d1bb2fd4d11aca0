package plimsoll.rules.reli.unspread_replicas_test

import data.plimsoll.rules.reli.unspread_replicas as rule

_deny(attr) := found if {
	found := rule.deny with input as {"name": "web", "attr": object.union({"kind": "Deployment", "pod": {}, "replicas": 2}, attr)}
}

_fails(attr) if {
	some res in _deny(attr)
	res.path == "pod.topologySpreadConstraints"
}

test_replicas_anywhere_fail if {
	_fails({})
	_fails({"kind": "StatefulSet"})
	_fails({"pod": {"topologySpreadConstraints": [], "affinity": {"podAntiAffinity": {}}}})
	_fails({"pod": {"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{}]}}}})
}

test_one_replica_passes if _deny({"replicas": 1}) == set()

test_spread_replicas_pass if {
	_deny({"pod": {"topologySpreadConstraints": [{"maxSkew": 1}]}}) == set()
	_deny({"pod": {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{}]}}}}) == set()
}

test_other_kinds_pass if _deny({"kind": "ReplicaSet"}) == set()
