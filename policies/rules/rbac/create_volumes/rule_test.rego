package plimsoll.rules.rbac.create_volumes_test

import data.plimsoll.rules.rbac.create_volumes as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_creates := {"api_groups": [""], "resources": ["persistentvolumes"], "verbs": ["create"]}

test_creating_volumes_fails if {
	some res in _cluster(_creates)
	not res.severity
	endswith(res.message, "may create persistentvolumes")
}

test_a_role_reaches_no_volumes if {
	some res in _role(_creates)
	res.severity == "low"
	endswith(res.message, "no ClusterRole")
}

test_claims_pass if _cluster({"api_groups": [""], "resources": ["persistentvolumeclaims"], "verbs": ["create"]}) == set()

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_creates]}
	some res in _deny(attr)
	res.exempt
}
