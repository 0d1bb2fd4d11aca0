package plimsoll.rules.img.mutable_tag_test

import data.plimsoll.rules.img.mutable_tag as rule

_deny(ref, more) := {res |
	some res in rule.deny with input as {"name": "web", "attr": object.union(
		{"kind": "Deployment", "containers": [{"name": "a", "image": ref}]},
		more,
	)}
		with data.plimsoll.params.img.mutable_tag as {"mutable_tags": ["latest", "main"]}
}

_fails(ref) if {
	some res in _deny(ref, {})
	res.path == "containers[0].image"
}

_passes(ref) if _deny(ref, {}) == set()

test_no_tag_fails if _fails("nginx")

test_a_registry_port_is_no_tag if _fails("registry.example.com:5000/shop/web")

test_latest_fails if _fails("public.ecr.aws/nginx/nginx:latest")

test_a_branch_fails if _fails("ghcr.io/shop/web:main")

test_a_version_passes if _passes("registry.example.com:5000/shop/web:1.27.3")

test_a_digest_passes if _passes("nginx@sha256:01038e7de14b78d702d2849c3aad72fd25903c4765af63cf16aa3398f5d5f2dd")

test_a_digest_beside_a_mutable_tag_passes if _passes("nginx:latest@sha256:01038e7de14b78d702d2849c3aad72fd25903c4765af63cf16aa3398f5d5f2dd")

test_no_image_passes if _passes("")

test_the_name_istio_replaces_passes_where_istio_injects if {
	_fails("auto")
	_deny("auto", {"annotations": {"inject.istio.io/templates": "gateway"}}) == set()
	_deny("auto", {"labels": {"sidecar.istio.io/inject": "true"}}) == set()
}
