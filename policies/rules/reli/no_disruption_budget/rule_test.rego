package plimsoll.rules.reli.no_disruption_budget_test

import data.plimsoll.rules.reli.no_disruption_budget as rule

_workload(attr) := object.union({"id": "w", "name": "web", "namespace": "shop", "unknown": {}, "partial": {}, "attr": {"kind": "Deployment", "labels": {"app": "web"}}}, attr)

_hpa(spec) := {
	"id": "h",
	"kind": "autoscaling/v2/HorizontalPodAutoscaler",
	"namespace": "shop",
	"raw": {"spec": object.union({"scaleTargetRef": {"kind": "Deployment", "name": "web"}}, spec)},
	"unknown": {},
	"partial": {},
}

_budget(more) := object.union({"id": "b", "namespace": "shop", "unknown": {}, "partial": {}, "attr": {}}, more)

_found(workload, budgets) := found if {
	found := rule.deny with input as {"stack": {
		"documents": object.union({"w": workload}, {b.id: b | some b in budgets}),
		"by_type": {"workload": ["w"], "pod_disruption_budget": [b.id | some b in budgets]},
		"by_kind": {},
	}}
}

_fails(selector) if {
	some res in _found(_workload({"attr": {"replicas": 2}}), [_budget({"attr": {"selector": selector}})])
	res.path == "metadata.name"
	not res.unknown
}

_passes(selector) if _found(_workload({"attr": {"replicas": 2}}), [_budget({"attr": {"selector": selector}})]) == set()

test_without_a_budget_fails if {
	some res in _found(_workload({"attr": {"replicas": 2}}), [])
	not res.unknown
}

test_one_replica_passes if _found(_workload({"attr": {"replicas": 1}}), []) == set()

test_a_budget_for_the_workload_passes if {
	_passes({"matchLabels": {"app": "web"}})
	_passes({})
	_passes({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "api"]}]})
	_passes({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["api"]}]})
	_passes({"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["api"]}]})
	_passes({"matchExpressions": [{"key": "app", "operator": "Exists"}]})
	_passes({"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]})
}

test_a_budget_for_others_fails if {
	_fails({"matchLabels": {"app": "web", "tier": "front"}})
	_fails({"matchExpressions": [{"key": "app", "operator": "In", "values": ["api"]}]})
	_fails({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]})
	_fails({"matchExpressions": [{"key": "team", "operator": "Exists"}]})
	_fails({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]})
	_fails(null)
}

test_a_budget_elsewhere_does_not_count if {
	count(_found(_workload({"attr": {"replicas": 2}}), [_budget({"namespace": "test", "attr": {"selector": {}}})])) == 1
}

_reason(workload, budgets) := res.unknown if some res in _found(workload, budgets)

test_what_is_not_known_is_unknown if {
	_reason(_workload({"attr": {"replicas": 2}}), [_budget({"unknown": {"selector": {"reason": "after_apply"}}})]) == "after apply"
	_reason(_workload({"attr": {"replicas": 2}, "unknown": {"labels": {"reason": "after_apply"}}}), [_budget({})]) == "after apply"
	_reason(_workload({"unknown": {"replicas": {"reason": "after_apply"}}}), []) == "after apply"
}

test_unknown_replicas_do_not_matter_with_a_budget if {
	_found(_workload({"unknown": {"replicas": {"reason": "after_apply"}}}), [_budget({"attr": {"selector": {}}})]) == set()
}
