package plimsoll.rules.img.unkept_repository_test

import data.plimsoll.rules.img.unkept_repository as rule

_stack(repository, policies) := {"stack": {
	"documents": object.union(
		{"r": object.union({"id": "r", "name": "web", "unknown": {}, "partial": {}, "refs": []}, repository)},
		{id: object.union({"id": id, "unknown": {}, "partial": {}, "refs": []}, p) | some id, p in policies},
	),
	"by_type": {"ecr_repository": ["r"], "ecr_lifecycle_policy": object.keys(policies)},
}}

_deny(attr, policies) := found if {
	found := rule.deny with input as _stack({"attr": attr}, policies)
}

_kms := {"name": "shop/web", "encryption": {"type": "KMS"}}

_paths(attr, policies) := {res.path | some res in _deny(attr, policies); not res.unknown}

test_neither_fails_twice if {
	_paths({"name": "shop/web", "encryption": {"type": "AES256"}}, {}) == {"encryption.type", "lifecycle"}
	some res in _deny({"encryption": {"type": "KMS"}}, {})
	contains(res.message, "web")
}

test_both_pass if {
	_deny(object.union(_kms, {"lifecycle": {"rules": []}}), {}) == set()
	_deny({"encryption": {"type": "KMS_DSSE"}, "lifecycle": {"rules": []}}, {}) == set()
}

test_a_policy_of_its_own_passes if {
	_deny(_kms, {"p": {"attr": {"repository": "shop/web"}}}) == set()
	_deny(_kms, {"p": {"attr": {}, "refs": [{"path": "repository", "to": "tf:r"}], "unknown": {"repository": {"reason": "after_apply"}}}}) == set()
}

test_another_repositorys_policy_does_not_count if {
	_paths(_kms, {"p": {"attr": {"repository": "shop/api"}}}) == {"lifecycle"}
	_paths(_kms, {"p": {"attr": {}, "refs": [{"path": "policy", "to": "tf:r"}]}}) == {"lifecycle"}
	_paths(_kms, {"p": {"attr": {}, "refs": [{"path": "repository", "to": "tf:p"}], "unknown": {"repository": {"reason": "after_apply"}}}}) == {"lifecycle"}
}

_is_unknown(found) if {
	count(found) == 1
	some res in found
	res.path == "lifecycle"
	res.unknown
}

test_a_policy_of_an_unknown_repository_is_unknown if {
	_is_unknown(_deny(_kms, {"p": {"attr": {}, "unknown": {"repository": {"reason": "after_apply"}}}}))
	_is_unknown(_deny(_kms, {"p": {"attr": {}, "refs": [{"path": "policy", "to": "tf:r"}], "unknown": {"repository": {"reason": "after_apply"}}}}))
}

test_a_policy_of_a_repository_that_is_not_there_is_unknown if {
	_is_unknown(_deny(_kms, {"p": {"attr": {}, "refs": [{"path": "repository", "to": "tf:elsewhere"}], "unknown": {"repository": {"reason": "after_apply"}}}}))
}

test_an_unknown_repository_does_not_matter_beside_a_policy_of_its_own if {
	_deny(object.union(_kms, {"lifecycle": {"rules": []}}), {"p": {"attr": {}, "unknown": {"repository": {"reason": "after_apply"}}}}) == set()
}

test_an_unknown_policy_is_unknown if {
	found := rule.deny with input as _stack({"attr": _kms, "unknown": {"lifecycle": {"reason": "after_apply"}}}, {})
	_is_unknown(found)
}
