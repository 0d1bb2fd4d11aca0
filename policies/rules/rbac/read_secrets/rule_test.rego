package plimsoll.rules.rbac.read_secrets_test

import data.plimsoll.rules.rbac.read_secrets as rule

_role(attr) := object.union({"id": "role", "name": "r", "attr": attr}, {"unknown": {}, "partial": {}})

_cluster(rules) := {"cluster_scoped": true, "rules": rules}

_reads := {"api_groups": [""], "resources": ["pods", "secrets"], "verbs": ["list"]}

_binding(id, cluster_scoped) := {"id": id, "name": id, "attr": {"cluster_scoped": cluster_scoped}}

_deny(role, bindings) := {res |
	some res in rule.deny with input.stack as {
		"documents": object.union({"role": role}, {b.id: b | some b in bindings}),
		"by_type": {"rbac_role": ["role"], "rbac_binding": [b.id | some b in bindings]},
		"backlinks": {"rbac_role_of": {"role": [{"from": b.id, "via": "value"} | some b in bindings]}},
	}
}

test_an_unbound_cluster_role_fails if {
	some res in _deny(_role(_cluster([_reads])), [])
	res.path == "rules[0].resources[1]"
	res.severity == "high"
}

test_a_cluster_role_bound_everywhere_fails_and_names_the_binding if {
	some res in _deny(_role(_cluster([_reads])), [_binding("crb", true), _binding("rb", false)])
	res.severity == "high"
	{place.document | some place in res.related} == {"crb"}
}

test_a_cluster_role_bound_in_namespaces_passes if _deny(_role(_cluster([_reads])), [_binding("rb", false)]) == set()

test_a_namespaced_role_is_low if {
	some res in _deny(_role({"cluster_scoped": false, "rules": [_reads]}), [])
	res.severity == "low"
	startswith(res.message, "Role ")
}

test_named_secrets_pass if {
	_deny(_role(_cluster([object.union(_reads, {"resource_names": ["tls"]})])), []) == set()
}

test_creating_secrets_passes if {
	_deny(_role(_cluster([{"api_groups": [""], "resources": ["secrets"], "verbs": ["create"]}])), []) == set()
}

test_secrets_of_another_group_pass if {
	_deny(_role(_cluster([{"api_groups": ["example.com"], "resources": ["secrets"], "verbs": ["get"]}])), []) == set()
}

test_a_role_made_to_be_aggregated_passes_while_nothing_binds_it if {
	attr := object.union(_cluster([_reads]), {"labels": {"rbac.authorization.k8s.io/aggregate-to-edit": "true"}})
	_deny(_role(attr), []) == set()
	count(_deny(_role(attr), [_binding("crb", true)])) == 1
}

test_an_aggregating_role_passes if {
	_deny(_role(object.union(_cluster([_reads]), {"aggregation": {"clusterRoleSelectors": []}})), []) == set()
}

test_unknown_verbs_are_unknown if {
	role := object.union(
		_role(_cluster([{"api_groups": [""], "resources": ["secrets"]}])),
		{"unknown": {"rules[0].verbs": {"reason": "after_apply"}}},
	)
	some res in _deny(role, [])
	res.unknown == "after apply"
	res.path == "rules[0]"
}

test_unknown_verbs_on_other_resources_pass if {
	role := object.union(
		_role(_cluster([{"api_groups": [""], "resources": ["pods"]}])),
		{"unknown": {"rules[0].verbs": {"reason": "after_apply"}}},
	)
	_deny(role, []) == set()
}

test_unknown_names_are_unknown if {
	role := object.union(_role(_cluster([_reads])), {"unknown": {"rules[0].resource_names": {"reason": "after_apply"}}})
	some res in _deny(role, [])
	res.unknown
}

test_an_unknown_list_of_rules_is_unknown if {
	role := object.union(_role({"cluster_scoped": true}), {"unknown": {"rules": {"reason": "parameter_without_value"}}})
	some res in _deny(role, [])
	res.path == "rules"
	res.unknown == "parameter without value"
}

test_unknown_verbs_on_named_secrets_pass if {
	role := object.union(
		_role(_cluster([{"api_groups": [""], "resources": ["secrets"], "resource_names": ["tls"]}])),
		{"unknown": {"rules[0].verbs": {"reason": "after_apply"}}},
	)
	_deny(role, []) == set()
}

test_a_namespaced_role_stays_low if {
	some res in _deny(_role({"cluster_scoped": false, "rules": [_reads]}), [_binding("crb", true)])
	res.severity == "low"
}

test_a_role_of_kubernetes_itself_passes if {
	attr := object.union(_cluster([_reads]), {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}})
	_deny(_role(attr), []) == set()
}
