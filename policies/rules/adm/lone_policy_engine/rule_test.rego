package plimsoll.rules.adm.lone_policy_engine_test

import data.plimsoll.rules.adm.lone_policy_engine as rule

_doc(id, type, kind, attr) := {
	"id": id, "name": id, "namespace": "kyverno", "type": type, "kind": kind,
	"attr": attr, "raw": {}, "unknown": {}, "partial": {},
}

_spread := {"topologySpreadConstraints": [{"maxSkew": 1}]}

_attr := {
	"kind": "Deployment", "replicas": 2, "labels": {"app": "kyverno"}, "pod": _spread,
	"containers": [{"image": "kyverno"}],
}

_engine(change) := _doc("kyverno", "workload", "apps/v1/Deployment", object.union(object.remove(_attr, object.keys(change)), change))

_budget := _doc("budget", "pod_disruption_budget", "policy/v1/PodDisruptionBudget", {"selector": {"matchLabels": {"app": "kyverno"}}})

_unknown(doc, path) := object.union(doc, {"unknown": {path: {"reason": "after_apply"}}})

_scaler(change) := object.union(
	_doc("scaler", "", "autoscaling/v2/HorizontalPodAutoscaler", {}),
	{"raw": {"spec": object.union({"scaleTargetRef": {"kind": "Deployment", "name": "kyverno"}}, change)}},
)

_all(docs, facts) := {res |
	some res in rule.deny with input.stack as {
		"documents": {d.id: d | some d in docs},
		"by_type": {type: [d.id | some d in docs; d.type == type] | some type in {d.type | some d in docs}},
		"by_kind": {kind: [d.id | some d in docs; d.kind == kind] | some kind in {d.kind | some d in docs}},
		"facts": facts,
	}
		with data.plimsoll.params.adm.lone_policy_engine as {"min_replicas": 2}
}

_deny(docs) := _all(docs, {"policy_engines": [{"document": docs[0].id, "name": "Kyverno", "path": "containers[0].image"}]})

_says(found, words) if {res.message | some res in found} == {sprintf(`Kyverno runs as Deployment "kyverno" with %s`, [words])}

_certain(found) if every res in found { not res.unknown }

test_a_spread_engine_of_two_with_a_budget_passes if {
	_deny([_engine({}), _budget]) == set()
	_deny([_engine({"pod": {"affinity": {"podAntiAffinity": {}}}}), _budget]) == set()
}

test_a_single_replica_fails if {
	found := _deny([_engine({"replicas": 1}), _budget])
	_says(found, "1 replica")
	_certain(found)
	{[res.document, res.path] | some res in found} == {["kyverno", "replicas"]}
	_says(_deny([_engine({"replicas": 0}), _budget]), "0 replicas")
}

test_one_replica_is_the_default if {
	alone := _engine({})
	_says(_deny([object.union(object.remove(alone, ["attr"]), {"attr": object.remove(alone.attr, ["replicas"])}), _budget]), "1 replica")
}

test_without_a_budget_it_fails if {
	found := _deny([_engine({})])
	_says(found, "no PodDisruptionBudget")
	_certain(found)
	{res.path | some res in found} == {"pod"}
	_says(_deny([_engine({}), object.union(_budget, {"namespace": "shop"})]), "no PodDisruptionBudget")
	_says(_deny([_engine({"labels": {"app": "other"}}), _budget]), "no PodDisruptionBudget")
}

test_without_anything_that_spreads_it_fails if {
	found := _deny([_engine({"pod": null}), _budget])
	_says(found, "nothing that spreads its pods")
	_certain(found)
	_says(_deny([object.union(_engine({}), {"attr": {"pod": {"topologySpreadConstraints": []}}}), _budget]), "nothing that spreads its pods")
}

test_all_that_is_wrong_is_told_at_once if {
	_says(_deny([_engine({"replicas": 1, "pod": null})]), "1 replica, no PodDisruptionBudget, nothing that spreads its pods")
}

test_only_deployments_are_judged if _deny([_engine({"kind": "DaemonSet", "replicas": 1})]) == set()

test_what_only_audits_is_not_judged if {
	_deny([_engine({"replicas": 1, "containers": [{"args": ["--operation=audit", "--logtostderr"]}]})]) == set()
	count(_deny([_engine({"replicas": 1, "containers": [{"args": ["--operation=audit", "--operation=webhook"]}]})])) == 1
	count(_deny([_engine({"replicas": 1, "containers": [{"args": ["--operation=webhook"]}]})])) == 1
	count(_deny([_engine({"replicas": 1, "containers": [{"args": ["--logtostderr"]}]})])) == 1
}

test_without_an_engine_nothing_is_judged if _all([_engine({"replicas": 1})], {}) == set()

test_a_sign_that_is_no_workload_is_not_judged if {
	_deny([_doc("policy", "", "kyverno.io/v1/ClusterPolicy", {})]) == set()
}

test_an_autoscaler_decides_the_replicas if {
	_deny([_engine({"replicas": 1}), _budget, _scaler({"minReplicas": 2})]) == set()
	_says(_deny([_engine({"replicas": 3}), _budget, _scaler({"minReplicas": 1})]), "1 replica")
	_says(_deny([_engine({"replicas": 3}), _budget, _scaler({})]), "1 replica")
}

test_the_autoscaler_of_something_else_does_not if {
	low := _scaler({"minReplicas": 1})
	_deny([_engine({}), _budget, object.union(low, {"namespace": "shop"})]) == set()
	_deny([_engine({}), _budget, _scaler({"minReplicas": 1, "scaleTargetRef": {"name": "other"}})]) == set()
	_deny([_engine({}), _budget, _scaler({"minReplicas": 1, "scaleTargetRef": {"kind": "StatefulSet"}})]) == set()
}

test_replicas_that_are_not_known_yet_are_unknown if {
	found := _deny([_unknown(_engine({}), "replicas"), _budget])
	{[res.path, res.unknown] | some res in found} == {["replicas", "after apply"]}
	{res.message | some res in found} == {`how many replicas of Kyverno run as Deployment "kyverno" is not known`}
}

test_nothing_else_is_told_of_replicas_that_are_not_known_yet if {
	count(_deny([_unknown(_engine({"pod": null}), "replicas")])) == 1
	open := object.union(_engine({"pod": null}), {"unknown": {
		"replicas": {"reason": "after_apply"},
		"pod": {"reason": "after_apply"},
	}})
	{res.path | some res in _deny([open, _budget])} == {"replicas"}
}

test_an_autoscaler_settles_replicas_that_are_not_known_yet if {
	_deny([_unknown(_engine({}), "replicas"), _budget, _scaler({"minReplicas": 2})]) == set()
}

_doubtful(found) if {
	{[res.document, res.path, res.unknown] | some res in found} == {["kyverno", "pod", "after apply"]}
	{res.message | some res in found} == {`whether Deployment "kyverno" of Kyverno stays up while nodes are drained is not known`}
}

test_a_budget_that_may_be_its_own_is_unknown if {
	open := _unknown(object.union(_budget, {"attr": {"selector": {"matchLabels": {"app": "other"}}}}), "selector.matchLabels.app")
	_doubtful(_deny([_engine({}), open]))
	_deny([_engine({}), open, object.union(_budget, {"id": "c"})]) == set()
	_says(_deny([_engine({"replicas": 1}), open]), "1 replica")
}

test_a_spread_that_is_not_known_yet_is_unknown if {
	_doubtful(_deny([_unknown(_engine({"pod": null}), "pod.topologySpreadConstraints"), _budget]))
	_doubtful(_deny([_unknown(_engine({"pod": null}), "pod"), _budget]))
	_deny([_unknown(_engine({}), "pod.topologySpreadConstraints"), _budget]) == set()
}
