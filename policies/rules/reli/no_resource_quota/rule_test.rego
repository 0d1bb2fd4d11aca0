package plimsoll.rules.reli.no_resource_quota_test

import data.plimsoll.rules.reli.no_resource_quota as rule

_found(namespace, quotas, containers) := found if {
	found := rule.deny with input as {"stack": {
		"documents": object.union(
			{"ns": {"id": "ns"}, "x": {"namespace": "${OTHER}"}, "w": {"id": "w", "attr": {"containers": containers}, "unknown": {}, "partial": {}}},
			{sprintf("d%d", [i]): {"namespace": n} | some i, n in quotas},
		),
		"by_kind": {"v1/ResourceQuota": [sprintf("d%d", [i]) | some i, _ in quotas]},
		"facts": {"namespaces": namespace},
	}}
		with data.plimsoll.params.reli.no_resource_quota as {"exempt_namespaces": ["kube-system"]}
}

_shop(document) := {"shop": {"document": document, "workloads": ["w"]}}

_places(namespace, list) := {[res.document, res.path] | some res in _found(namespace, list, [{}]); not res.unknown}

test_a_namespace_without_fails_at_its_manifest if _places(_shop("ns"), []) == {["ns", "name"]}

test_an_undeclared_namespace_fails_at_its_first_workload if _places(_shop(null), []) == {["w", "metadata.namespace"]}

test_one_of_another_namespace_does_not_count if _places(_shop("ns"), ["test"]) == {["ns", "name"]}

test_one_of_the_namespace_passes if _found(_shop("ns"), ["test", "shop"], [{}]) == set()

test_an_empty_namespace_passes if _found({"shop": {"document": "ns", "workloads": []}}, [], [{}]) == set()

test_an_exempt_namespace_passes if _found({"kube-system": {"document": "ns", "workloads": ["w"]}}, [], [{}]) == set()

test_one_of_an_unknown_namespace_is_unknown if {
	some res in _found(_shop("ns"), ["${NAMESPACE}"], [{}])
	res.unknown
}
