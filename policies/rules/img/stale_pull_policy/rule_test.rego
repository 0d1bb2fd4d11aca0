package plimsoll.rules.img.stale_pull_policy_test

import data.plimsoll.rules.img.stale_pull_policy as rule

_deny(container, more) := found if {
	found := rule.deny with input as {"name": "web", "attr": object.union({"kind": "Deployment", "containers": [container]}, more)}
}

_fails(container) if {
	some res in _deny(container, {})
	res.path == "containers[0].imagePullPolicy"
}

_passes(container) if _deny(container, {}) == set()

test_never_fails if _fails({"image": "a/b:1", "imagePullPolicy": "Never"})

test_a_kept_tag_that_moves_fails if {
	_fails({"image": "a/b:main", "imagePullPolicy": "IfNotPresent"})
	_fails({"image": "a/b", "imagePullPolicy": "IfNotPresent"})
}

test_the_default_for_a_tag_that_moves_fails if _fails({"image": "a/b:stable"})

test_the_default_for_latest_passes if {
	_passes({"image": "a/b:latest"})
	_passes({"image": "a/b"})
}

test_a_version_passes if _passes({"image": "a/b:1.2", "imagePullPolicy": "IfNotPresent"})

test_always_passes if _passes({"image": "a/b:main", "imagePullPolicy": "Always"})

test_a_digest_passes if _passes({"image": "a/b@sha256:00", "imagePullPolicy": "Never"})

test_what_istio_puts_in_passes if {
	_deny({"image": "auto", "imagePullPolicy": "Never"}, {"labels": {"sidecar.istio.io/inject": "true"}}) == set()
	_fails({"image": "auto", "imagePullPolicy": "Never"})
}
