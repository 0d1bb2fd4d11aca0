package plimsoll.rules.reli.single_replica_test

import data.plimsoll.rules.reli.single_replica as rule

_workload(attr) := object.union({"id": "w", "name": "web", "namespace": "shop", "unknown": {}, "partial": {}, "attr": {"kind": "Deployment", "labels": {"app": "web"}}}, attr)

_hpa(spec) := {
	"id": "h",
	"kind": "autoscaling/v2/HorizontalPodAutoscaler",
	"namespace": "shop",
	"raw": {"spec": object.union({"scaleTargetRef": {"kind": "Deployment", "name": "web"}}, spec)},
	"unknown": {},
	"partial": {},
}

_found(workload, scalers) := found if {
	found := rule.deny with input as {"stack": {
		"documents": object.union({"w": workload}, {s.id: s | some s in scalers}),
		"by_type": {"workload": ["w"]},
		"by_kind": {s.kind: [s.id] | some s in scalers},
	}}
		with data.plimsoll.params.reli.single_replica as {"exempt_labels": ["tier=batch", "solo"]}
}

_fails(attr, scalers) if {
	some res in _found(_workload({"attr": attr}), scalers)
	res.path == "replicas"
	not res.unknown
}

_passes(attr, scalers) if _found(_workload({"attr": attr}), scalers) == set()

test_one_replica_fails if {
	_fails({"replicas": 1}, [])
	_fails({"replicas": 0}, [])
	_fails({"kind": "StatefulSet", "replicas": 1}, [])
}

test_no_replicas_means_one if _fails({}, [])

test_two_replicas_pass if _passes({"replicas": 2}, [])

test_other_kinds_pass if _passes({"kind": "DaemonSet"}, [])

test_an_autoscaler_decides if {
	_passes({"replicas": 1}, [_hpa({"minReplicas": 2})])
	_fails({"replicas": 3}, [_hpa({})])
	_fails({}, [_hpa({"minReplicas": 1})])
}

test_keda_decides if {
	keda := object.union(_hpa({"minReplicaCount": 2}), {"kind": "keda.sh/v1alpha1/ScaledObject"})
	_passes({}, [keda])
	_fails({}, [object.union(_hpa({}), {"kind": "keda.sh/v1alpha1/ScaledObject"})])
}

test_another_autoscaler_does_not_count if {
	_fails({}, [_hpa({"minReplicas": 2, "scaleTargetRef": {"name": "api"}})])
	_fails({}, [_hpa({"minReplicas": 2, "scaleTargetRef": {"kind": "StatefulSet"}})])
	_fails({}, [object.union(_hpa({"minReplicas": 2}), {"namespace": "test"})])
}

test_exempt_labels if {
	_passes({"replicas": 1, "labels": {"tier": "batch"}}, [])
	_passes({"replicas": 1, "labels": {"solo": "yes"}}, [])
	_fails({"replicas": 1, "labels": {"tier": "web"}}, [])
	_found(_workload({"attr": {"labels": {"solo": ""}}, "unknown": {"replicas": {"reason": "after_apply"}}}), []) == set()
}

test_unknown_replicas_are_unknown if {
	some res in _found(_workload({"unknown": {"replicas": {"reason": "after_apply"}}}), [])
	res.unknown == "after apply"
}

test_an_unknown_minimum_is_unknown if {
	some res in _found(_workload({}), [object.union(_hpa({}), {"unknown": {"spec.minReplicas": {"reason": "data_source"}}})])
	res.unknown == "data source"
}
