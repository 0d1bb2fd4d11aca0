package plimsoll.rules.pod.host_network_test

import data.plimsoll.rules.pod.host_network as rule

_addons := {"workloads": [{
	"name": "agent",
	"namespaces": ["kube-system"],
	"images": ["*.dkr.ecr.*/eks-pod-identity-agent"],
	"allows": {"PLM-POD-010": ["hostNetwork"]},
	"reason": "it serves credentials",
}]}

_deny(namespace, attr) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": namespace, "attr": object.union({"kind": "Pod"}, attr)}
		with data.plimsoll.params.pod.host_network as {"exempt_workloads": ["edge/*"]}
		with data.plimsoll.facts.system_workloads as _addons
}

_agent := {"name": "agent", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/eks/eks-pod-identity-agent:v0.1.20"}

test_the_host_network_fails if {
	some res in _deny("shop", {"host_network": true, "containers": [{"name": "a", "image": "web:1"}]})
	res.path == "host_network"
	not res.exempt
}

test_the_pod_network_passes if _deny("shop", {"host_network": false}) == set()

test_a_listed_workload_is_exempt if {
	some res in _deny("edge", {"host_network": true})
	res.exempt
}

test_a_system_addon_is_exempt if {
	some res in _deny("kube-system", {"host_network": true, "containers": [_agent]})
	contains(res.exempt, "it serves credentials")
}

test_a_system_addon_with_somebody_elses_container_is_not if {
	some res in _deny("kube-system", {"host_network": true, "containers": [_agent, {"name": "b", "image": "web:1"}]})
	not res.exempt
}

test_the_profiles_exempt_nobody if {
	some res in rule.deny with input as {"name": "web", "namespace": "edge", "attr": {"kind": "Pod", "host_network": true, "containers": []}}
		with data.plimsoll.profile as "pss-baseline"
		with data.plimsoll.params.pod.host_network as {"exempt_workloads": ["edge/*"]}
		with data.plimsoll.facts.system_workloads as _addons
	not res.exempt
}
