package plimsoll.rules.pod.unsandboxed_workload_test

import data.plimsoll.rules.pod.unsandboxed_workload as rule

_workload(labels, pod, unknown) := {
	"id": "w",
	"type": "workload",
	"name": "web",
	"namespace": "shop",
	"attr": {"kind": "Deployment", "labels": labels, "pod": pod},
	"unknown": unknown,
	"partial": {},
}

_with(label, documents) := {res |
	some res in rule.deny with input.stack as {
		"documents": {d.id: d | some d in documents},
		"by_type": {type: [d.id | some d in documents; d.type == type] | some type in ["workload", "fargate_profile"]},
		"links": {},
		"backlinks": {},
	}
		with data.plimsoll.params.pod.unsandboxed_workload as {"untrusted_label": label, "sandbox_runtime_classes": ["gvisor"]}
}

_profile(unknown) := {"id": "p", "type": "fargate_profile", "attr": {"selectors": [{"namespace": "shop"}]}, "unknown": unknown, "partial": {}}

_untrusted := {"trust": "untrusted"}

test_an_untrusted_pod_fails if {
	some res in _with("trust", [_workload(_untrusted, {}, {})])
	res.path == "pod.runtimeClassName"
	count(_with("trust", [_workload(_untrusted, {"runtimeClassName": "nvidia"}, {})])) == 1
}

test_a_sandbox_passes if _with("trust", [_workload(_untrusted, {"runtimeClassName": "gvisor"}, {})]) == set()

test_fargate_passes if _with("trust", [_workload(_untrusted, {}, {}), _profile({})]) == set()

test_a_trusted_pod_passes if {
	_with("trust", [_workload({"trust": "high"}, {}, {})]) == set()
	_with("trust", [_workload({}, {}, {})]) == set()
}

test_without_a_label_nothing_is_judged if {
	_with("", [_workload(_untrusted, {}, {"labels": {"reason": "after_apply"}})]) == set()
}

test_unknown_labels_leave_it_open if {
	some res in _with("trust", [_workload({}, {}, {"labels": {"reason": "after_apply"}})])
	res.unknown == "after apply"
}

test_unknown_selectors_leave_it_open if {
	elsewhere := {"id": "p", "type": "fargate_profile", "attr": {"selectors": []}, "unknown": {"selectors": {"reason": "after_apply"}}, "partial": {}}
	some res in _with("trust", [_workload(_untrusted, {}, {}), elsewhere])
	res.unknown == "after apply"
}
