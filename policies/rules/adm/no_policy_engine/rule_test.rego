package plimsoll.rules.adm.no_policy_engine_test

import data.plimsoll.rules.adm.no_policy_engine as rule

_doc(id, type, attr) := {"id": id, "type": type, "name": id, "attr": attr, "unknown": {}, "partial": {}}

_cluster := _doc("prod", "eks_cluster", {})

_all(docs, facts, engines) := {res |
	some res in rule.deny with input.stack as {
		"documents": {d.id: d | some d in docs},
		"by_type": {type: [d.id | some d in docs; d.type == type] | some type in {d.type | some d in docs}},
		"facts": facts,
	}
		with data.plimsoll.params.adm.no_policy_engine as {"engines": engines}
}

_deny(docs) := _all(docs, {"policy_engines": []}, ["*acme-policy*"])

_workload(image) := _doc("w", "workload", {"containers": [{"image": "other"}, {"image": image}]})

_release(chart) := _doc("r", "helm_release", {"chart": chart})

test_a_cluster_without_an_engine_is_a_gap if {
	some res in _deny([_cluster])
	res.document == "prod"
	res.path == ""
	res.message == `nothing that was read judges what is admitted to cluster "prod" by policies`
	not res.unknown
	count(_all([_cluster], {}, [])) == 1
}

test_each_cluster_is_told if count(_deny([_cluster, object.union(_cluster, {"id": "b"})])) == 2

test_without_a_cluster_there_is_no_gap if _deny([_workload("nginx")]) == set()

test_a_sign_of_an_engine_passes if {
	_all([_cluster], {"policy_engines": [{"document": "k", "name": "Kyverno", "path": ""}]}, []) == set()
}

test_a_further_engine_passes_by_image if {
	_deny([_cluster, _workload("registry.example.com/acme-policy/server:v1")]) == set()
	count(_deny([_cluster, _workload("registry.example.com/shop:acme-policy")])) == 1
	count(_deny([_cluster, _workload(null)])) == 1
	count(_all([_cluster, _workload("acme-policy")], {}, [])) == 1
}

test_a_further_engine_passes_by_addon if {
	_deny([_cluster, _doc("a", "eks_addon", {"name": "acme-policy"})]) == set()
	count(_deny([_cluster, _doc("a", "eks_addon", {"name": "coredns"})])) == 1
}

test_a_further_engine_passes_by_chart if {
	_deny([_cluster, _release("acme-policy")]) == set()
	some res in _deny([_cluster, _release("kube-prometheus-stack")])
	not res.unknown
}

_open := object.union(_release(null), {"unknown": {"chart": {"reason": "after_apply"}}})

test_a_chart_that_is_not_known_yet_makes_it_unknown if {
	some res in _deny([_cluster, _open])
	res.unknown == "the name of a chart is not known yet"
	res.message == `whether a policy engine is installed in cluster "prod" is not known`
	count(_deny([_cluster, _open])) == 1
}

test_an_engine_that_is_there_settles_it if {
	_all([_cluster, _open], {"policy_engines": [{"document": "k", "name": "Kyverno"}]}, []) == set()
}
