package plimsoll.rules.iam.irsa_unbound_test

import data.plimsoll.rules.iam.irsa_unbound

_role(conditions) := {"name": "web", "attr": {"trust": {"statements": [{
	"effect": "Allow", "actions": ["sts:AssumeRoleWithWebIdentity"],
	"principals": {"federated": ["arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X"]}, "conditions": conditions,
}]}}}

_sub(operator, value) := [{"operator": operator, "key": "oidc.eks.eu-west-1.amazonaws.com/id/X:sub", "values": [value]}]

test_no_condition_fails if {
	count(irsa_unbound.deny) == 1 with input as _role([])
}

test_any_account_fails if {
	count(irsa_unbound.deny) == 1 with input as _role(_sub("StringLike", "system:serviceaccount:*:*"))
}

test_exact_passes if {
	count(irsa_unbound.deny) == 0 with input as _role(_sub("StringEquals", "system:serviceaccount:shop:web"))
}

test_namespace_wildcard_is_left_to_the_weaker_rule if {
	count(irsa_unbound.deny) == 0 with input as _role(_sub("StringLike", "system:serviceaccount:shop:*"))
}

test_other_provider_passes if {
	role := {"name": "ci", "attr": {"trust": {"statements": [{
		"effect": "Allow", "actions": ["sts:AssumeRoleWithWebIdentity"],
		"principals": {"federated": ["arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"]}, "conditions": [],
	}]}}}
	count(irsa_unbound.deny) == 0 with input as role
}

test_service_trust_passes if {
	role := {"name": "node", "attr": {"trust": {"statements": [{
		"effect": "Allow", "actions": ["sts:AssumeRole"], "principals": {"service": ["ec2.amazonaws.com"]}, "conditions": [],
	}]}}}
	count(irsa_unbound.deny) == 0 with input as role
}

test_unknown_provider_without_subject_is_unknown if {
	role := {"name": "web", "attr": {"trust": {"statements": [{
		"effect": "Allow", "actions": ["sts:AssumeRoleWithWebIdentity"], "principals": {"federated": [null]}, "conditions": [],
	}]}}}
	some res in irsa_unbound.deny with input as role
	res.unknown
}

test_pattern_that_is_compared_literally_is_left_to_others if {
	count(irsa_unbound.deny) == 0 with input as _role(_sub("StringEquals", "system:serviceaccount:*:*"))
}

test_patterns_for_some_accounts_pass if {
	count(irsa_unbound.deny) == 0 with input as _role(_sub("StringLike", "system:serviceaccount:*:any-account"))
	count(irsa_unbound.deny) == 0 with input as _role(_sub("StringLike", "system:serviceaccount:*:thing"))
}

test_eksctl_binds_every_trust_to_a_namespace if {
	count(irsa_unbound.deny) == 0 with input as object.union(_role(_sub("StringLike", "*")), {"format": "eksctl"})
	count(irsa_unbound.deny) == 0 with input as object.union(_role([]), {"format": "eksctl"})
	count(irsa_unbound.deny) == 1 with input as object.union(_role([]), {"format": "cloudformation"})
}
