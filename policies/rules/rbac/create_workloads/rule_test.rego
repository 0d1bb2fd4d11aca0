package plimsoll.rules.rbac.create_workloads_test

import data.plimsoll.rules.rbac.create_workloads as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_creates := {"api_groups": ["apps"], "resources": ["deployments/status", "deployments"], "verbs": ["create"]}

test_creating_in_every_namespace_fails if {
	some res in _cluster(_creates)
	res.path == "rules[0].resources[1]"
	contains(res.message, `ClusterRole "r" may create deployments in every namespace`)
	not res.exempt
}

test_creating_in_one_namespace_passes if _role(_creates) == set()

test_every_kind_of_workload_counts if {
	every group, resources in {
		"": ["pods", "replicationcontrollers"],
		"apps": ["deployments", "daemonsets", "statefulsets", "replicasets"],
		"batch": ["jobs", "cronjobs"],
	} {
		every resource in resources {
			count(_cluster({"api_groups": [group], "resources": [resource], "verbs": ["create"]})) == 1
		}
	}
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_creates]}
	some res in _deny(attr)
	res.exempt
}
