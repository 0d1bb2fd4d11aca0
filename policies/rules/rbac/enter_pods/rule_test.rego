package plimsoll.rules.rbac.enter_pods_test

import data.plimsoll.rules.rbac.enter_pods as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_execs := {"api_groups": [""], "resources": ["pods", "pods/exec"], "verbs": ["create"]}

test_exec_everywhere_is_high if {
	some res in _cluster(_execs)
	res.severity == "high"
	res.path == "rules[0].resources[1]"
	endswith(res.message, "may use pods/exec in every namespace")
}

test_exec_in_a_namespace_is_medium if {
	some res in _role(_execs)
	not res.severity
	endswith(res.message, "in namespace shop")
}

test_ephemeral_containers_take_patch if {
	count(_role({"api_groups": [""], "resources": ["pods/ephemeralcontainers"], "verbs": ["patch"]})) == 1
	_role({"api_groups": [""], "resources": ["pods/ephemeralcontainers"], "verbs": ["create"]}) == set()
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_execs]}
	some res in _deny(attr)
	res.exempt
}
