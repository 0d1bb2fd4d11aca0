package plimsoll.rules.iam.irsa_wildcard_test

import data.plimsoll.rules.iam.irsa_wildcard

_role(operator, value) := {"name": "web", "attr": {"trust": {"statements": [{
	"effect": "Allow", "actions": ["sts:AssumeRoleWithWebIdentity"], "principals": {"federated": ["${oidc}"]},
	"conditions": [{"operator": operator, "key": "${oidc}:sub", "values": [value]}],
}]}}}

test_account_wildcard_is_medium if {
	some res in irsa_wildcard.deny with input as _role("StringLike", "system:serviceaccount:shop:*")
	res.severity == "medium"
}

test_namespace_wildcard_is_high if {
	some res in irsa_wildcard.deny with input as _role("ForAnyValue:StringLike", "system:serviceaccount:team-*:web")
	res.severity == "high"
}

test_literal_wildcard_never_matches_and_fails if {
	some res in irsa_wildcard.deny with input as _role("StringEquals", "system:serviceaccount:shop:*")
	contains(res.message, "never")
}

test_exact_like_passes if {
	count(irsa_wildcard.deny) == 0 with input as _role("StringLike", "system:serviceaccount:shop:web")
}

test_pattern_of_an_unknown_provider_passes if {
	role := {"name": "ci", "attr": {"trust": {"statements": [{
		"effect": "Allow", "actions": ["sts:AssumeRoleWithWebIdentity"], "principals": {"federated": [null]},
		"conditions": [{"operator": "StringLike", "key": "${oidc}:sub", "values": ["repo:example/app:*"]}],
	}]}}}
	count(irsa_wildcard.deny) == 0 with input as role
}

test_pattern_of_anything_fails if {
	count(irsa_wildcard.deny) == 1 with input as _role("StringLike", "*")
}
