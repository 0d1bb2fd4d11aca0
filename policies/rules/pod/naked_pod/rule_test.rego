package plimsoll.rules.pod.naked_pod_test

import data.plimsoll.rules.pod.naked_pod as rule

_deny(namespace, metadata, attr) := {res |
	some res in rule.deny with input as {
		"kind": "v1/Pod",
		"name": "web",
		"namespace": namespace,
		"raw": {"metadata": metadata},
		"attr": object.union({"kind": "Pod"}, attr),
	}
}

test_a_pod_alone_fails if {
	some res in _deny("shop", {}, {"annotations": {"a": "b"}})
	res.path == "kind"
}

test_an_owned_pod_passes if _deny("shop", {"ownerReferences": [{"kind": "ReplicaSet"}]}, {}) == set()

test_hooks_pass if {
	_deny("shop", {}, {"annotations": {"helm.sh/hook": "test"}}) == set()
	_deny("shop", {}, {"annotations": {"argocd.argoproj.io/hook": "PostSync"}}) == set()
}

test_static_pods_pass if {
	_deny("shop", {}, {"annotations": {"kubernetes.io/config.source": "file"}}) == set()
	_deny("kube-system", {}, {"labels": {"tier": "control-plane"}}) == set()
	count(_deny("shop", {}, {"labels": {"tier": "control-plane"}})) == 1
}

test_an_empty_list_of_owners_is_none if count(_deny("shop", {"ownerReferences": []}, {})) == 1
