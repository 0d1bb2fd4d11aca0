package plimsoll.rules.img.dead_registry_test

import data.plimsoll.rules.img.dead_registry as rule

_deny(ref) := found if {
	found := rule.deny with input as {"name": "web", "attr": {"kind": "Deployment", "containers": [{"name": "a", "image": ref}]}}
		with data.plimsoll.params.img.dead_registry as {"eol_registries": ["k8s.gcr.io", "quay.io/coreos/flannel"]}
}

_fails(ref) if {
	some res in _deny(ref)
	res.path == "containers[0].image"
}

test_a_dead_registry_fails if _fails("k8s.gcr.io/pause:3.9")

test_a_dead_path_fails if _fails("quay.io/coreos/flannel:v0.9")

test_bitnamis_versions_fail if {
	_fails("bitnami/redis:7.2.4")
	_fails("docker.io/bitnami/redis:7.2.4-debian-12")
}

test_bitnamis_latest_passes if _deny("bitnami/redis:latest") == set()

test_bitnami_without_a_tag_passes if _deny("bitnami/redis") == set()

test_others_pass if {
	_deny("quay.io/coreos/etcd:v3.5.17") == set()
	_deny("registry.k8s.io/pause:3.10") == set()
	_deny("registry.example.com/mirror:1") == set()
}
