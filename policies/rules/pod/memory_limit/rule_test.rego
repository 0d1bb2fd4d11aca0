package plimsoll.rules.pod.memory_limit_test

import data.plimsoll.rules.pod.memory_limit as rule

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

_in(version, documents) := {res |
	some res in rule.deny with input.stack as _stack(documents)
		with data.plimsoll.kube_version as version
}

_deny(container) := _in("latest", [_workload({"containers": [object.union({"name": "a", "class": "container"}, container)]})])

_bare := _workload({"containers": [{"name": "a", "class": "init"}]})

test_nothing_written_fails if {
	some res in _deny({})
	res.path == "containers[0].resources.limits.memory"
	not res.unknown
}

test_a_request_alone_fails if count(_deny({"resources": {"requests": {"memory": "1Gi"}, "limits": {"cpu": "1"}}})) == 1

test_no_amount_is_no_limit if {
	count(_deny({"resources": {"limits": {"memory": "0"}}})) == 1
	count(_deny({"resources": {"limits": {"memory": null}}})) == 1
}

test_a_limit_passes if _deny({"resources": {"limits": {"memory": "1Gi"}}}) == set()

test_ephemeral_containers_have_none if _deny({"class": "ephemeral"}) == set()

test_a_limit_of_the_pod_counts_from_1_34 if {
	pod := [_workload({"pod": {"resources": {"limits": {"memory": "1Gi"}}}, "containers": [{"name": "a", "class": "container"}]})]
	_in("1.34", pod) == set()
	count(_in("1.33", pod)) == 1
}

test_a_default_of_the_namespace_counts if {
	containers := {"limits": [{"type": "Pod"}, {"type": "Container", "default": {"memory": "1Gi"}}]}
	_in("latest", [_bare, _range("shop", containers, {})]) == set()
	count(_in("latest", [_bare, _range("other", containers, {})])) == 1
}

test_a_maximum_of_the_namespace_is_a_default if {
	_in("latest", [_bare, _range("shop", {"limits": [{"type": "Container", "max": {"memory": "1Gi"}}]}, {})]) == set()
	count(_in("latest", [_bare, _range("shop", {"limits": [{"type": "Container", "min": {"memory": "1Gi"}}]}, {})])) == 1
}

test_an_unknown_range_leaves_it_open if {
	some res in _in("latest", [_bare, _range("shop", {"limits": []}, {"spec.limits": {"reason": "after_apply"}})])
	res.unknown == "after apply"
}

test_hidden_containers_leave_it_open if {
	some res in _in("latest", [object.union(_workload({}), {"unknown": {"containers": {"reason": "after_apply"}}})])
	res.path == "containers"
	res.unknown
}
