package plimsoll.rules.pod.privileged_test

import data.plimsoll.rules.pod.privileged as rule

_addons := {"workloads": [{
	"name": "cni",
	"namespaces": ["kube-system"],
	"images": ["*.dkr.ecr.*/amazon-k8s-cni-init"],
	"allows": {"PLM-POD-001": ["aws-vpc-cni-init"]},
	"reason": "it sets up the network",
}]}

_deny(namespace, containers) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": namespace, "attr": {"kind": "DaemonSet", "containers": containers}}
		with data.plimsoll.facts.system_workloads as _addons
}

_cni(image) := {"name": "aws-vpc-cni-init", "image": image, "effective": {"privileged": true}}

_image := "602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni-init:v1.19.0"

test_a_privileged_container_fails if {
	some res in _deny("shop", [{"name": "a", "effective": {}}, {"effective": {"privileged": true}}])
	res.path == "containers[1].effective.privileged"
	contains(res.message, "container 1 of DaemonSet")
	not res.exempt
}

test_an_unprivileged_container_passes if _deny("shop", [{"name": "a", "effective": {"privileged": false}}]) == set()

test_a_system_addon_is_exempt if {
	some res in _deny("kube-system", [_cni(_image)])
	contains(res.exempt, "it sets up the network")
}

test_another_image_in_its_place_is_not if {
	some res in _deny("kube-system", [_cni("example.com/amazon-k8s-cni-init:v1")])
	not res.exempt
}

test_another_namespace_is_not if {
	some res in _deny("shop", [_cni(_image)])
	not res.exempt
}

test_another_container_of_the_addon_is_not if {
	some res in _deny("kube-system", [object.union(_cni(_image), {"name": "debug"})])
	not res.exempt
}
