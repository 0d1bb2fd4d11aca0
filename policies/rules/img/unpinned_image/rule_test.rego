package plimsoll.rules.img.unpinned_image_test

import data.plimsoll.rules.img.unpinned_image as rule

_params := {"require_digest_for": ["prod"]}

_ecr := "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1"

_stack(namespace, container, more) := {"stack": {
	"documents": object.union(
		{"w": {"id": "w", "namespace": namespace, "unknown": more.unknown, "partial": {}, "attr": {"kind": "Deployment", "containers": [container]}}},
		{id: {"id": id, "attr": r} | some id, r in more.repositories},
	),
	"by_type": {"workload": ["w"], "ecr_repository": object.keys(more.repositories)},
}}

_deny(namespace, container, more) := found if {
	found := rule.deny with input as _stack(namespace, container, object.union({"unknown": {}, "repositories": {}}, more))
		with data.plimsoll.params.img.unpinned_image as _params
}

_severity(namespace, ref, repositories) := severity if {
	some res in _deny(namespace, {"name": "a", "image": ref}, {"repositories": repositories})
	res.path == "containers[0].image"
	not res.unknown
	severity := res.severity
}

test_a_tag_in_production_fails if _severity("prod", "nginx:1.27", {}) == "low"

test_a_tag_elsewhere_is_a_hint if _severity("test", "nginx:1.27", {}) == "info"

test_a_tag_that_ecr_keeps_is_a_hint if {
	_severity("prod", _ecr, {"r": {"name": "shop/web", "tag_mutability": "IMMUTABLE"}}) == "info"
	_severity("prod", _ecr, {"r": {"name": "shop/web", "tag_mutability": "MUTABLE"}}) == "low"
	_severity("prod", _ecr, {"r": {"name": "shop/web"}}) == "low"
	_severity("prod", _ecr, {"r": {"name": "shop/api", "tag_mutability": "IMMUTABLE"}}) == "low"
}

test_a_digest_passes if _deny("prod", {"image": "nginx@sha256:00"}, {}) == set()

test_what_istio_puts_in_passes if {
	stack := _stack("prod", {"image": "auto"}, {"unknown": {}, "repositories": {}})
	injected := json.patch(stack, [{"op": "add", "path": "stack/documents/w/attr/labels", "value": {"sidecar.istio.io/inject": "true"}}])
	rule.deny == set() with input as injected with data.plimsoll.params.img.unpinned_image as _params
}

test_no_image_passes if {
	_deny("prod", {"image": ""}, {}) == set()
	_deny("prod", {"name": "a"}, {}) == set()
}

test_an_unknown_image_is_unknown if {
	some res in _deny("prod", {"name": "a"}, {"unknown": {"containers[0].image": {"reason": "after_apply"}}})
	res.unknown == "after apply"
	res.path == "containers[0].image"
}

test_a_template_with_a_digest_passes if {
	_deny("prod", {"name": "a"}, {"unknown": {"containers[0].image": {"reason": "after_apply", "template": "${host}/a@sha256:${d}"}}}) == set()
}
