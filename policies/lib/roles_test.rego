package plimsoll.lib.roles_test

import data.plimsoll.lib.roles

_granted(power, cluster_scoped, rules) := {grant |
	some grant in roles.granted[power] with input as {
		"name": "r", "unknown": {}, "partial": {},
		"attr": {"cluster_scoped": cluster_scoped, "rules": rules},
	}
}

_rule(groups, resources, verbs) := {"api_groups": groups, "resources": resources, "verbs": verbs}

test_what_is_granted_is_told if {
	rule := object.union(_rule(["", "apps"], ["pods", "services", "deployments"], ["create"]), {"resource_names": ["web"]})
	_granted("create_workloads", true, [_rule([""], ["pods"], ["get"]), rule]) == {{
		"rule": 1, "path": "rules[1].resources[0]", "what": "pods, deployments",
		"names": ["web"], "idle": false,
	}}
}

test_a_resource_of_another_group_is_another if {
	_granted("create_workloads", true, [_rule([""], ["deployments"], ["create"])]) == set()
}

test_wildcards_in_verbs_and_groups_count if {
	count(_granted("create_workloads", true, [_rule(["*"], ["pods"], ["*"])])) == 1
}

test_a_wildcard_in_resources_counts_in_a_named_group if {
	some grant in _granted("create_workloads", true, [_rule(["batch"], ["*"], ["create"])])
	grant.what == "every resource"
	_granted("create_workloads", true, [_rule(["example.com"], ["*"], ["create"])]) == set()
	_granted("create_workloads", true, [_rule(["*"], ["*"], ["create"])]) == set()
}

test_a_verb_of_its_own_counts_beside_all_wildcards if {
	count(_granted("delegate", true, [_rule(["*"], ["*"], ["escalate"])])) == 1
	_granted("delegate", true, [_rule(["*"], ["*"], ["*"])]) == set()
}

test_a_subresource_of_everything_counts if count(_granted("enter_pods", true, [_rule(["*"], ["*/exec"], ["create"])])) == 1

test_keys_of_extra_fields_count if {
	count(_granted("delegate", true, [_rule(["authentication.k8s.io"], ["userextras/scopes"], ["impersonate"])])) == 1
	_granted("delegate", true, [_rule([""], ["userextras/scopes"], ["impersonate"])]) == set()
}

test_a_role_reaches_what_is_in_its_namespace if {
	some grant in _granted("write_rbac", false, [_rule(["rbac.authorization.k8s.io"], ["clusterroles", "roles"], ["create"])])
	not grant.idle
}

test_a_role_does_not_reach_what_has_no_namespace if {
	some grant in _granted("write_rbac", false, [_rule(["rbac.authorization.k8s.io"], ["clusterroles"], ["create"])])
	grant.idle
	contains(roles.idle_note(grant), "no effect")
}

test_a_cluster_role_reaches_everything if {
	some grant in _granted("write_rbac", true, [_rule(["rbac.authorization.k8s.io"], ["clusterroles"], ["create"])])
	roles.idle_note(grant) == ""
}

# What is not known must not hide what is.
test_unknown_elements_leave_the_others_alone if {
	grants := roles.granted.enter_pods with input as {
		"name": "r", "unknown": {"rules[0].verbs[0]": {}, "rules[0].resources[0]": {}}, "partial": {},
		"attr": {"cluster_scoped": true, "rules": [_rule([""], [null, "pods/exec"], [null, "create"])]},
	}
	{grant.path | some grant in grants} == {"rules[0].resources[1]"}
}

test_rules_without_resources_grant_nothing if {
	_granted("proxy_nodes", true, [{"non_resource_urls": ["*"], "verbs": ["*"]}, null]) == set()
}

test_subjects if {
	roles.subject == `ClusterRole "r"` with input as {"name": "r", "attr": {"cluster_scoped": true}}
	roles.subject == `Role "r"` with input as {"name": "r", "attr": {"cluster_scoped": false}}
}
