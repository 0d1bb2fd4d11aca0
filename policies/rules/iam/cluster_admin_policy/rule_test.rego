package plimsoll.rules.iam.cluster_admin_policy_test

import data.plimsoll.rules.iam.cluster_admin_policy

_association(principal, policy, scope) := {"stack": {
	"documents": {"a": {"id": "a", "unknown": {}, "attr": {"principal": principal, "policy": policy, "scope": {"type": scope}}}},
	"by_type": {"access_policy_association": ["a"]},
}}

_admin := "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

test_cluster_scope_fails if {
	count(cluster_admin_policy.deny) == 1 with input as _association("arn:aws:iam::1:role/dev", _admin, "cluster")
}

test_break_glass_passes if {
	count(cluster_admin_policy.deny) == 0 with input as _association("arn:aws:iam::1:role/break-glass", _admin, "cluster")
}

test_namespace_scope_passes if {
	count(cluster_admin_policy.deny) == 0 with input as _association("arn:aws:iam::1:role/dev", _admin, "namespace")
}

test_view_passes if {
	policy := "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
	count(cluster_admin_policy.deny) == 0 with input as _association("arn:aws:iam::1:role/dev", policy, "cluster")
}

test_inline_policy_of_an_entry_fails if {
	entry := {"id": "e", "unknown": {}, "attr": {"principal": "arn:aws:iam::1:role/dev", "policies": [{"policy": _admin, "scope": {"type": "cluster"}}]}}
	stack := {"stack": {"documents": {"e": entry}, "by_type": {"access_entry": ["e"]}}}
	some res in cluster_admin_policy.deny with input as stack
	res.path == "policies[0].policy"
}

test_unknown_principal_is_unknown if {
	association := {"id": "a", "unknown": {"principal": {"reason": "after_apply"}}, "attr": {"policy": _admin, "scope": {"type": "cluster"}}}
	stack := {"stack": {"documents": {"a": association}, "by_type": {"access_policy_association": ["a"]}}}
	some res in cluster_admin_policy.deny with input as stack
	res.unknown
}

test_unknown_principal_fails_without_an_allow_list if {
	association := {"id": "a", "unknown": {"principal": {"reason": "after_apply"}}, "attr": {"policy": _admin, "scope": {"type": "cluster"}}}
	stack := {"stack": {"documents": {"a": association}, "by_type": {"access_policy_association": ["a"]}}}
	params := {"admin_principals": [], "max_cluster_admins": 2}
	some res in cluster_admin_policy.deny with input as stack with data.plimsoll.params.iam.cluster_admin_policy as params
	not res.unknown
}

test_unknown_account_does_not_hide_the_name if {
	stack := _association("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/dev", _admin, "cluster")
	some res in cluster_admin_policy.deny with input as stack
	not res.unknown
}

test_unknown_name_is_unknown if {
	some res in cluster_admin_policy.deny with input as _association("arn:aws:iam::1:role/${Name}", _admin, "cluster")
	res.unknown
}

test_principal_is_taken_from_the_entry if {
	stack := {"stack": {
		"documents": {
			"a": {"id": "a", "unknown": {"principal": {"reason": "after_apply"}}, "attr": {"policy": _admin, "scope": {"type": "cluster"}}},
			"e": {"id": "e", "unknown": {}, "attr": {"principal": "arn:aws:iam::1:role/break-glass"}},
		},
		"by_type": {"access_policy_association": ["a"], "access_entry": ["e"]},
		"links": {"entry_of": {"a": [{"to": "e", "via": "reference"}]}},
	}}
	count(cluster_admin_policy.deny) == 0 with input as stack
}

test_too_many_allowed_admins_fail if {
	params := {"admin_principals": ["*"], "max_cluster_admins": 0}
	count(cluster_admin_policy.deny) == 1 with input as _association("arn:aws:iam::1:role/dev", _admin, "cluster")
		with data.plimsoll.params.iam.cluster_admin_policy as params
}
