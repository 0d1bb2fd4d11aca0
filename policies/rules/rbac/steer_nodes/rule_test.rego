package plimsoll.rules.rbac.steer_nodes_test

import data.plimsoll.rules.rbac.steer_nodes as rule

_deny(name, attr) := {res |
	some res in rule.deny with input as {"name": name, "attr": attr}
		with data.plimsoll.params.rbac.steer_nodes as {"allowed_controllers": ["drainer-*"]}
}

_cluster(name, rules) := _deny(name, {"cluster_scoped": true, "rules": rules})

_patches := {"api_groups": [""], "resources": ["nodes"], "verbs": ["patch"]}

_evicts := {"api_groups": [""], "resources": ["pods/eviction"], "verbs": ["create"]}

test_changing_nodes_fails if {
	some res in _cluster("ops", [_patches])
	not res.severity
	not res.exempt
	endswith(res.message, "may change or delete nodes")
}

test_evicting_pods_fails if {
	some res in _cluster("ops", [_evicts])
	not res.severity
	endswith(res.message, "may evict pods by pods/eviction")
}

test_a_rule_with_both_is_one_finding if {
	both := {"api_groups": [""], "resources": ["pods/eviction", "nodes"], "verbs": ["*"]}
	{res.path | some res in _cluster("ops", [both])} == {"rules[0].resources[1]"}
}

test_two_rules_are_two_findings if count(_cluster("ops", [_patches, _evicts])) == 2

test_a_role_reaches_no_nodes if {
	some res in _deny("ops", {"cluster_scoped": false, "rules": [_patches]})
	res.severity == "low"
	endswith(res.message, "no ClusterRole")
}

test_the_status_of_nodes_takes_no_delete if {
	_cluster("ops", [{"api_groups": [""], "resources": ["nodes/status"], "verbs": ["delete"]}]) == set()
	count(_cluster("ops", [{"api_groups": [""], "resources": ["nodes/status"], "verbs": ["update"]}])) == 1
}

test_a_listed_controller_is_exempt if {
	some res in _cluster("drainer-blue", [_patches])
	res.exempt == "listed under allowed_controllers"
}

test_a_well_known_controller_is_exempt_with_its_reason if {
	some res in _cluster("karpenter-core", [_evicts])
	contains(res.exempt, "Karpenter")
}

test_an_operator_is_exempt_only_from_its_own_rules if {
	some res in _cluster("kyverno:admission-controller", [_patches])
	not res.exempt
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_patches, _evicts]}
	some res in _deny("ops", attr)
	res.exempt
}
