package plimsoll.rules.img.static_registry_credentials_test

import data.plimsoll.rules.img.static_registry_credentials as rule

_deny(attr) := found if {
	found := rule.deny with input as {"name": "pull", "attr": attr}
}

_fails(attr, path) if {
	some res in _deny(attr)
	res.path == path
}

test_a_pull_secret_fails if {
	_fails({"type": "kubernetes.io/dockerconfigjson"}, "type")
	_fails({"type": "kubernetes.io/dockercfg"}, "type")
}

test_another_secret_passes if _deny({"type": "Opaque"}) == set()

test_an_encrypted_one_passes if _deny({"type": "kubernetes.io/dockerconfigjson", "encrypted_with": "sops"}) == set()

_ecr := "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1"

_pod(image, secrets) := {"kind": "Deployment", "containers": [{"image": image}], "pod": {"imagePullSecrets": secrets}}

test_pull_secrets_for_ecr_fail if _fails(_pod(_ecr, [{"name": "ecr"}]), "pod.imagePullSecrets")

test_pull_secrets_for_others_pass if _deny(_pod("ghcr.io/shop/web:1", [{"name": "ghcr"}])) == set()

test_ecr_without_pull_secrets_passes if _deny(_pod(_ecr, [])) == set()
