package plimsoll.rules.iam.irsa_unclaimed_test

import data.plimsoll.rules.iam.irsa_unclaimed

_stack(subject, facts) := {"stack": {
	"documents": {
		"role": {"id": "role", "name": "web", "attr": {"trust": {"statements": [{
			"effect": "Allow", "actions": ["sts:AssumeRoleWithWebIdentity"], "principals": {"federated": ["${oidc}"]},
			"conditions": [{"operator": "StringEquals", "key": "${oidc}:sub", "values": [subject]}],
		}]}}},
		"sa": {"id": "sa", "name": "web", "namespace": "shop", "attr": {}},
	},
	"by_type": {"iam_role": ["role"], "service_account": ["sa"]},
	"facts": {"namespaces": facts},
}}

_shop := {"shop": {"document": null, "workloads": ["w"]}}

test_missing_account_fails if {
	count(irsa_unclaimed.deny) == 1 with input as _stack("system:serviceaccount:shop:api", _shop)
}

test_declared_account_passes if {
	count(irsa_unclaimed.deny) == 0 with input as _stack("system:serviceaccount:shop:web", _shop)
}

test_pattern_that_an_account_matches_passes if {
	count(irsa_unclaimed.deny) == 0 with input as _stack("system:serviceaccount:shop:w*", _shop)
}

test_default_account_passes if {
	count(irsa_unclaimed.deny) == 0 with input as _stack("system:serviceaccount:shop:default", _shop)
}

test_namespace_declared_elsewhere_is_out_of_scope if {
	count(irsa_unclaimed.deny) == 0 with input as _stack("system:serviceaccount:shop:api", {})
}

test_declared_namespace_is_in_scope if {
	facts := {"shop": {"document": "ns", "workloads": []}}
	count(irsa_unclaimed.deny) == 1 with input as _stack("system:serviceaccount:shop:api", facts)
}

test_ignored_subject_passes if {
	params := {"ignore_subjects": ["system:serviceaccount:shop:*"]}
	count(irsa_unclaimed.deny) == 0 with input as _stack("system:serviceaccount:shop:api", _shop)
		with data.plimsoll.params.iam.irsa_unclaimed as params
}
