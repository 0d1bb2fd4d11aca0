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

_with_account(namespace, name) := {"stack": object.union(base.stack, {"documents": documents})} if {
	base := _stack("system:serviceaccount:shop:api", _shop)
	documents := object.union(base.stack.documents, {"sa": {"id": "sa", "name": name, "namespace": namespace, "attr": {}}})
}

test_account_with_an_open_name_may_be_it if {
	every open in [["shop", "${NAME}"], ["${NAMESPACE}", "api"], ["shop", ""], ["", ""]] {
		some res in irsa_unclaimed.deny with input as _with_account(open[0], open[1])
		res.unknown
	}
}

test_account_with_an_open_name_that_cannot_be_it_does_not_count if {
	every other in [["shop", "${NAME}-web"], ["test", "${NAME}"], ["test", ""]] {
		some res in irsa_unclaimed.deny with input as _with_account(other[0], other[1])
		not res.unknown
	}
}

test_open_subject_is_unknown_where_it_may_mean_a_namespace_that_is_here if {
	every subject in ["system:serviceaccount:shop:${name}", "system:serviceaccount:${namespace}:api", "${tf:plan.json#aws_x.y}"] {
		some res in irsa_unclaimed.deny with input as _stack(subject, _shop)
		res.unknown
		count(irsa_unclaimed.deny) == 0 with input as _stack(subject, {})
	}
	count(irsa_unclaimed.deny) == 0 with input as _stack("system:serviceaccount:test:${name}", _shop)
}

test_subject_with_the_same_hole_as_an_account_is_declared if {
	base := _stack("system:serviceaccount:shop:${NAME}", _shop)
	documents := object.union(base.stack.documents, {"sa": {"id": "sa", "name": "${NAME}", "namespace": "shop", "attr": {}}})
	count(irsa_unclaimed.deny) == 0 with input as {"stack": object.union(base.stack, {"documents": documents})}
}

test_pattern_in_the_namespace_is_left_to_others if {
	count(irsa_unclaimed.deny) == 0 with input as _stack("system:serviceaccount:*:api", _shop)
}
