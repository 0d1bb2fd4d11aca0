package plimsoll.rules.reli.blocking_disruption_budget_test

import data.plimsoll.rules.reli.blocking_disruption_budget as rule

_workload(attr, unknown) := {"id": "w", "name": "web", "namespace": "shop", "unknown": unknown, "partial": {}, "attr": object.union({"kind": "Deployment", "labels": {"app": "web"}}, attr)}

_budget(id, attr, unknown) := {"id": id, "name": id, "namespace": "shop", "unknown": unknown, "partial": {}, "attr": attr}

_found(workloads, budgets) := found if {
	found := rule.deny with input as {"stack": {
		"documents": {d.id: d | some d in array.concat(workloads, budgets)},
		"by_type": {"workload": [w.id | some w in workloads], "pod_disruption_budget": [b.id | some b in budgets]},
		"by_kind": {},
	}}
}

_web := {"selector": {"matchLabels": {"app": "web"}}}

_paths(replicas, attr) := {res.path |
	some res in _found([_workload({"replicas": replicas}, {})], [_budget("b", object.union(_web, attr), {})])
	not res.unknown
	not res.severity
}

test_no_pod_may_be_unavailable if {
	_paths(3, {"max_unavailable": 0}) == {"max_unavailable"}
	_paths(3, {"max_unavailable": "0%"}) == {"max_unavailable"}
	_paths(3, {"max_unavailable": "0"}) == {"max_unavailable"}
}

test_some_pod_may_be_unavailable if {
	_paths(3, {"max_unavailable": 1}) == set()
	_paths(1, {"max_unavailable": "1%"}) == set()
}

test_all_pods_have_to_be_available if {
	_paths(3, {"min_available": 3}) == {"min_available"}
	_paths(3, {"min_available": "100%"}) == {"min_available"}
	_paths(1, {"min_available": "50%"}) == {"min_available"}
	_paths(1, {"min_available": "1"}) == {"min_available"}
}

test_fewer_than_all_pods_have_to_be_available if {
	_paths(3, {"min_available": 2}) == set()
	_paths(3, {"min_available": "50%"}) == set()
	_paths(0, {"min_available": 1}) == set()
}

test_all_of_unknown_many if {
	found := _found([], [_budget("b", object.union(_web, {"min_available": "100%"}), {})])
	{res.path | some res in found} == {"min_available"}
	_found([], [_budget("b", object.union(_web, {"min_available": "99%"}), {})]) == set()
	_found([], [_budget("b", object.union(_web, {"min_available": 100}), {})]) == set()
	count(_found([_workload({"replicas": 2}, {})], [_budget("b", object.union(_web, {"min_available": "100%"}), {})])) == 1
}

test_a_number_is_no_share if {
	_found([], [_budget("b", object.union(_web, {"min_available": "100"}), {})]) == set()
	_found([], [_budget("b", object.union(_web, {"min_available": "many%"}), {})]) == set()
	count(_found([_workload({"replicas": 1}, {})], [_budget("b", object.union(_web, {"min_available": "100%"}), {})])) == 1
}

test_the_pods_of_several_workloads_count_together if {
	other := object.union(_workload({"replicas": 1}, {}), {"id": "o"})
	_found([_workload({"replicas": 1}, {}), other], [_budget("b", object.union(_web, {"min_available": 1}), {})]) == set()
	open := object.union(_workload({}, {"replicas": {"reason": "after_apply"}}), {"id": "o"})
	every res in _found([_workload({"replicas": 1}, {}), open], [_budget("b", object.union(_web, {"min_available": 1}), {})]) {
		res.unknown
	}
}

test_two_budgets_on_one_workload if {
	found := _found([_workload({}, {})], [_budget("b", _web, {}), _budget("c", _web, {})])
	{res.document | some res in found} == {"b", "c"}
	some res in found
	res.path == "selector"
	res.related[0].path == "selector"
}

test_a_budget_for_nothing_is_low if {
	found := _found([_workload({}, {})], [_budget("b", {"selector": {"matchLabels": {"app": "api"}}}, {})])
	{[res.path, res.severity] | some res in found} == {["selector", "low"]}
}

test_a_budget_without_neighbors_passes if _found([], [_budget("b", _web, {})]) == set()

test_a_budget_that_may_select_something_passes if {
	_found([_workload({}, {"labels": {"reason": "after_apply"}})], [_budget("b", {"selector": {"matchLabels": {"app": "api"}}}, {})]) == set()
	_found([_workload({}, {})], [_budget("b", {}, {"selector": {"reason": "after_apply"}})]) == set()
}

_reasons(workload, budget) := {[res.path, res.unknown] | some res in _found([workload], [budget])}

test_what_is_not_known_is_unknown if {
	_reasons(_workload({}, {}), _budget("b", _web, {"max_unavailable": {"reason": "after_apply"}})) == {["max_unavailable", "after apply"]}
	_reasons(_workload({}, {}), _budget("b", _web, {"min_available": {"reason": "after_apply"}})) == {["min_available", "after apply"]}
	_reasons(_workload({}, {"replicas": {"reason": "data_source"}}), _budget("b", object.union(_web, {"min_available": 1}), {})) == {["min_available", "data source"]}
	_reasons(_workload({}, {"replicas": {"reason": "data_source"}}), _budget("b", object.union(_web, {"max_unavailable": 1}), {})) == set()
}
