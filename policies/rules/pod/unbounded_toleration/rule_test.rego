package plimsoll.rules.pod.unbounded_toleration_test

import data.plimsoll.rules.pod.unbounded_toleration as rule

_in(kind, pod) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {"kind": kind, "pod": pod}}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_tolerating(toleration) := {"tolerations": [{"key": "a", "operator": "Exists"}, toleration]}

test_a_toleration_of_everything_fails if {
	_in("Deployment", _tolerating({"operator": "Exists"})) == {"pod.tolerations[1]"}
	_in("Deployment", _tolerating({"operator": "Exists", "key": "", "effect": "NoExecute"})) == {"pod.tolerations[1]"}
}

test_a_daemon_set_may if _in("DaemonSet", _tolerating({"operator": "Exists"})) == set()

test_a_toleration_with_a_key_passes if _in("Deployment", _tolerating({"key": "b", "operator": "Exists"})) == set()

test_a_node_name_fails if {
	_in("DaemonSet", {"nodeName": "ip-10-0-0-1"}) == {"pod.nodeName"}
	_in("Pod", {"nodeName": ""}) == set()
	_in("Pod", {"nodeName": null}) == set()
}

test_nothing_written_passes if _in("Deployment", {}) == set()

test_a_static_pod_passes if {
	found := {res |
		some res in rule.deny with input as {
			"kind": "v1/Pod",
			"name": "api",
			"namespace": "kube-system",
			"attr": {"kind": "Pod", "labels": {"tier": "control-plane"}, "pod": {"nodeName": "a", "tolerations": [{"operator": "Exists"}]}},
		}
			with data.plimsoll.facts.system_workloads as {"workloads": []}
	}
	found == set()
}

test_a_toleration_of_nothing_passes if {
	_in("Deployment", _tolerating({"operator": "Equal"})) == set()
	_in("Deployment", _tolerating({})) == set()
}
