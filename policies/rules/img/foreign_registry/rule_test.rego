package plimsoll.rules.img.foreign_registry_test

import data.plimsoll.rules.img.foreign_registry as rule

_deny(ref, more) := found if {
	found := rule.deny with input as {"name": "web", "attr": object.union({"kind": "Deployment", "containers": [{"name": "a", "image": ref}]}, more)}
		with data.plimsoll.params.img.foreign_registry as {"allowed_registries": ["*.dkr.ecr.*.amazonaws.com", "public.ecr.aws/eks"]}
}

test_docker_hub_fails if {
	some res in _deny("nginx:1.27", {})
	res.path == "containers[0].image"
	contains(res.message, "docker.io")
}

test_another_path_of_the_registry_fails if count(_deny("public.ecr.aws/nginx/nginx:1", {})) == 1

test_an_approved_registry_passes if _deny("123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1", {}) == set()

test_an_approved_path_passes if _deny("public.ecr.aws/eks/coredns:v1.11.1", {}) == set()

test_what_istio_puts_in_passes if {
	_deny("auto", {"labels": {"sidecar.istio.io/inject": "true"}}) == set()
	count(_deny("auto", {})) == 1
}

test_no_image_passes if _deny("", {}) == set()
