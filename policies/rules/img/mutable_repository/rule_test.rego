package plimsoll.rules.img.mutable_repository_test

import data.plimsoll.rules.img.mutable_repository as rule

_deny(attr) := found if {
	found := rule.deny with input as {"name": "web", "attr": attr}
}

_fails(attr) if {
	some res in _deny(attr)
	res.path == "tag_mutability"
}

test_mutable_fails if _fails({"tag_mutability": "MUTABLE"})

test_immutable_passes if _deny({"tag_mutability": "IMMUTABLE"}) == set()

test_an_exclusion_of_releases_fails if {
	_fails({"tag_mutability": "IMMUTABLE_WITH_EXCLUSION", "mutability_exclusions": ["latest", "v*"]})
	_fails({"tag_mutability": "IMMUTABLE_WITH_EXCLUSION", "mutability_exclusions": ["1.*"]})
}

test_an_exclusion_of_latest_passes if _deny({"tag_mutability": "IMMUTABLE_WITH_EXCLUSION", "mutability_exclusions": ["latest", "dev-*"]}) == set()

test_mutable_but_for_releases_passes if _deny({"tag_mutability": "MUTABLE_WITH_EXCLUSION", "mutability_exclusions": ["v*"]}) == set()

test_mutable_but_for_others_fails if {
	_fails({"tag_mutability": "MUTABLE_WITH_EXCLUSION", "mutability_exclusions": ["base-*"]})
	_fails({"tag_mutability": "MUTABLE_WITH_EXCLUSION"})
}
