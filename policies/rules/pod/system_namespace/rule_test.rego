package plimsoll.rules.pod.system_namespace_test

import data.plimsoll.rules.pod.system_namespace as rule

_deny(kind, namespace, labels, images) := {res |
	some res in rule.deny with input as {
		"kind": kind,
		"name": "web",
		"namespace": namespace,
		"attr": {"kind": "Deployment", "labels": labels, "containers": [{"name": "a", "image": image} | some image in images]},
	}
		with data.plimsoll.params.pod.system_namespace as {"system_workloads": ["kube-public/w*"]}
		with data.plimsoll.facts.system_workloads as {"workloads": [{
			"name": "coredns",
			"namespaces": ["kube-system"],
			"images": ["*.dkr.ecr.*/coredns"],
			"allows": {},
			"reason": "it resolves names",
		}]}
}

_in(namespace, images) := _deny("apps/v1/Deployment", namespace, {}, images)

_coredns := "602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/coredns:v1.11.4"

test_an_application_fails if {
	some res in _in("kube-system", ["web:1"])
	res.path == "metadata.namespace"
	count(_in("kube-node-lease", ["web:1"])) == 1
}

test_an_addon_passes if _in("kube-system", [_coredns]) == set()

test_an_addon_with_somebody_elses_container_fails if count(_in("kube-system", [_coredns, "web:1"])) == 1

test_an_addon_elsewhere_is_an_application if count(_in("kube-node-lease", [_coredns])) == 1

test_listed_workloads_pass if _in("kube-public", ["web:1"]) == set()

test_the_control_plane_passes if {
	_deny("v1/Pod", "kube-system", {"tier": "control-plane"}, ["api:1"]) == set()
	count(_deny("apps/v1/Deployment", "kube-system", {"tier": "control-plane"}, ["api:1"])) == 1
}

test_other_namespaces_pass if _in("shop", ["web:1"]) == set()

test_an_unknown_namespace_leaves_it_open if {
	some res in _in("", ["web:1"])
	res.unknown
}

test_a_patch_without_an_image_passes if _in("kube-system", []) == set()

test_a_container_without_an_image_is_a_patch if {
	_in("kube-system", [null]) == set()
	count(_in("kube-system", [null, "web:1"])) == 1
}
