package plimsoll.rules.pod.resource_requests_test

import data.plimsoll.rules.pod.resource_requests as rule

_workload(attr) := {
	"id": "w",
	"type": "workload",
	"name": "web",
	"namespace": "shop",
	"attr": object.union({"kind": "Deployment"}, attr),
	"unknown": {},
	"partial": {},
}

_range(namespace, spec, unknown) := {
	"id": sprintf("r-%s", [namespace]),
	"type": "",
	"kind": "v1/LimitRange",
	"namespace": namespace,
	"raw": {"spec": spec},
	"attr": {},
	"unknown": unknown,
	"partial": {},
}

_stack(documents) := {
	"documents": {d.id: d | some d in documents},
	"by_type": {"workload": [d.id | some d in documents; d.type == "workload"]},
	"by_kind": {"v1/LimitRange": [d.id | some d in documents; d.type == ""]},
	"links": {},
	"backlinks": {},
}

_with(documents, limit) := {res |
	some res in rule.deny with input.stack as _stack(documents)
		with data.plimsoll.params.pod.resource_requests as {"require_cpu_limit": limit}
}

_deny(resources) := _with([_workload({"containers": [{"name": "a", "class": "container", "resources": resources}]})], false)

_both := {"cpu": "100m", "memory": "1Gi"}

test_nothing_written_is_one_finding if {
	found := _deny({})
	count(found) == 1
	some res in found
	res.path == "containers[0].resources.requests"
	contains(res.message, "no cpu and no memory")
}

test_one_missing_is_named if {
	some res in _deny({"requests": {"memory": "1Gi"}})
	res.path == "containers[0].resources.requests.cpu"
}

test_requests_pass if _deny({"requests": _both}) == set()

test_limits_are_requests_too if _deny({"limits": _both}) == set()

test_defaults_of_the_namespace_count if {
	bare := _workload({"containers": [{"name": "a", "class": "container"}]})
	_with([bare, _range("shop", {"limits": [{"type": "Container", "defaultRequest": {"cpu": "1"}, "min": {"memory": "1Mi"}}]}, {})], false) == set()
	some res in _with([bare, _range("shop", {}, {"spec": {"reason": "after_apply"}})], false)
	res.unknown
}

test_a_cpu_limit_is_wanted_on_demand if {
	requesting := _workload({"containers": [{"name": "a", "class": "container", "resources": {"requests": _both}}]})
	some res in _with([requesting], true)
	res.path == "containers[0].resources.limits.cpu"
	_with([_workload({"containers": [{"name": "a", "class": "container", "resources": {"limits": _both}}]})], true) == set()
}

test_hidden_containers_leave_it_open if {
	some res in _with([object.union(_workload({}), {"unknown": {"containers": {"reason": "after_apply"}}})], false)
	res.unknown
}
