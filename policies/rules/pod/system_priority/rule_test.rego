package plimsoll.rules.pod.system_priority_test

import data.plimsoll.rules.pod.system_priority as rule

_deny(document) := {res |
	some res in rule.deny with input as document
		with data.plimsoll.params.pod.system_priority as {"max_priority": 1000000}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_pod(namespace, class) := _deny({
	"kind": "apps/v1/Deployment",
	"name": "web",
	"namespace": namespace,
	"attr": {"kind": "Deployment", "pod": {"priorityClassName": class}},
})

_class(raw) := _deny({"kind": "scheduling.k8s.io/v1/PriorityClass", "name": "high", "attr": {}, "raw": raw})

test_a_system_class_outside_of_kube_system_fails if {
	some res in _pod("shop", "system-node-critical")
	res.path == "pod.priorityClassName"
	not res.unknown
}

test_a_system_class_in_kube_system_passes if _pod("kube-system", "system-cluster-critical") == set()

test_a_class_of_ones_own_passes if _pod("shop", "business-critical") == set()

test_an_unknown_namespace_leaves_it_open if {
	some res in _pod("", "system-node-critical")
	res.unknown
}

test_a_release_goes_anywhere if {
	some res in _deny({
		"kind": "apps/v1/Deployment",
		"format": "helm",
		"name": "web",
		"namespace": "default",
		"attr": {"kind": "Deployment", "pod": {"priorityClassName": "system-node-critical"}},
	})
	res.unknown
}

test_a_high_class_fails if {
	some res in _class({"value": 1000001})
	res.path == "value"
	not res.severity
}

test_a_high_class_for_everybody_is_high if {
	some res in _class({"value": 2000000, "globalDefault": true})
	res.severity == "high"
}

test_a_moderate_class_passes if {
	_class({"value": 1000000}) == set()
	_class({"value": 1000, "globalDefault": true}) == set()
	_class({}) == set()
}
