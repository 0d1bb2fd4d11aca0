package plimsoll.rules.rbac.delegate_test

import data.plimsoll.rules.rbac.delegate as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_rbac(verb, names) := {
	"api_groups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"],
	"verbs": ["get", verb], "resource_names": names,
}

test_bind_and_escalate_fail if {
	every verb in ["bind", "escalate", "*"] {
		some res in _cluster(_rbac(verb, []))
		not res.severity
		contains(res.message, sprintf("holds %s on clusterroles", [verb]))
	}
}

test_reading_roles_passes if _cluster(_rbac("list", [])) == set()

test_named_roles_are_low if {
	some res in _cluster(_rbac("bind", ["view"]))
	res.severity == "low"
}

test_cluster_admin_among_the_names_is_no_limit if {
	some res in _cluster(_rbac("bind", ["view", "cluster-admin"]))
	not res.severity
}

test_the_group_of_masters_is_no_limit if {
	some res in _cluster({"api_groups": [""], "resources": ["groups"], "verbs": ["impersonate"], "resource_names": ["system:masters"]})
	not res.severity
}

test_impersonating_accounts_of_a_namespace_fails if {
	some res in _role({"api_groups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"]})
	not res.severity
	res.message == `Role "r" holds impersonate on serviceaccounts`
}

test_a_role_cannot_impersonate_users if {
	some res in _role({"api_groups": [""], "resources": ["users"], "verbs": ["impersonate"]})
	res.severity == "low"
	contains(res.message, "no effect")
}

test_extra_fields_of_users_count if {
	count(_cluster({"api_groups": ["authentication.k8s.io"], "resources": ["userextras/scopes"], "verbs": ["impersonate"]})) == 1
}

test_the_verb_says_it_beside_wildcards if {
	count(_cluster({"api_groups": ["*"], "resources": ["*"], "verbs": ["impersonate"]})) == 1
	_cluster({"api_groups": ["*"], "resources": ["*"], "verbs": ["*"]}) == set()
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_rbac("bind", [])]}
	some res in _deny(attr)
	res.exempt
}
