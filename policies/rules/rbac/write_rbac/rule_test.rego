package plimsoll.rules.rbac.write_rbac_test

import data.plimsoll.rules.rbac.write_rbac as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_writes(resource) := {"api_groups": ["rbac.authorization.k8s.io"], "resources": [resource], "verbs": ["create"]}

test_writing_fails if {
	every resource in ["roles", "clusterroles", "rolebindings", "clusterrolebindings"] {
		some res in _cluster(_writes(resource))
		not res.severity
		endswith(res.message, sprintf("may write %s", [resource]))
	}
}

test_a_role_reaches_only_what_is_in_namespaces if {
	some inside in _role(_writes("roles"))
	not inside.severity
	some outside in _role(_writes("clusterroles"))
	outside.severity == "low"
	endswith(outside.message, "no ClusterRole")
}

test_one_resource_it_reaches_is_enough if {
	some res in _role({"api_groups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles", "roles"], "verbs": ["create"]})
	not res.severity
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_writes("roles")]}
	some res in _deny(attr)
	res.exempt
}
