package plimsoll.rules.img.weak_source_repository_test

import data.plimsoll.rules.img.weak_source_repository as rule

_good := {"name": "shop/web", "scan_on_push": true, "tag_mutability": "IMMUTABLE"}

_image := "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1"

_stack(container, repository, unknown) := {"stack": {
	"documents": {
		"x": {"id": "x", "name": "x", "type": "workload", "attr": {"tag_mutability": "MUTABLE"}, "unknown": {}, "partial": {}},
		"w": {"id": "w", "attr": {"containers": [container]}, "unknown": {"containers[0].image": {"reason": "after_apply", "refs": ["tf:x", "tf:r"]}}},
		"r": {"id": "r", "name": "web", "type": "ecr_repository", "attr": object.union(object.remove(_good, object.keys(unknown)), repository), "unknown": unknown, "partial": {}},
	},
	"by_type": {"workload": ["w"], "ecr_repository": ["r"]},
}}

_deny(container, repository, unknown) := found if {
	found := rule.deny with input as _stack(container, repository, unknown)
}

_message(repository) := res.message if {
	some res in _deny({"image": _image}, repository, {})
	res.path == "containers[0].image"
	res.related[0].document == "r"
	not res.unknown
}

test_a_repository_without_scans_fails if {
	message := _message({"scan_on_push": false})
	contains(message, "which nothing scans")
	not contains(message, "can be moved")
}

test_a_mutable_repository_fails if {
	message := _message({"tag_mutability": "MUTABLE"})
	contains(message, "can be moved")
	not contains(message, "scans")
}

test_both_are_named if contains(_message({"scan_on_push": false, "tag_mutability": "MUTABLE"}), "scans and whose")

test_a_reference_counts_as_the_image if {
	some res in _deny({"name": "a"}, {"tag_mutability": "MUTABLE"}, {})
	res.document == "w"
	count(_deny({"name": "a"}, {"tag_mutability": "MUTABLE"}, {})) == 1
}

test_a_good_repository_passes if _deny({"image": _image}, {}, {}) == set()

test_an_image_of_another_repository_passes if {
	_deny({"image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:1"}, {"scan_on_push": false}, {}) == set()
	_deny({"image": "nginx"}, {"scan_on_push": false}, {}) == set()
}

_reasons(unknown, repository) := {res.unknown | some res in _deny({"image": _image}, repository, unknown)}

test_what_is_not_known_is_unknown if {
	_reasons({"scan_on_push": {"reason": "after_apply"}}, {}) == {"after apply"}
	_reasons({"tag_mutability": {"reason": "data_source"}}, {}) == {"data source"}
	_reasons({"mutability_exclusions": {"reason": "macro"}}, {"tag_mutability": "MUTABLE_WITH_EXCLUSION"}) == {"macro"}
}

test_one_known_weakness_is_enough if {
	found := _deny({"image": _image}, {"tag_mutability": "MUTABLE"}, {"scan_on_push": {"reason": "after_apply"}})
	count(found) == 1
	some res in found
	not res.unknown
}
