package plimsoll.rules.rbac.all_permissions_test

import data.plimsoll.rules.rbac.all_permissions as rule

_deny(cluster_scoped, rules) := {res |
	some res in rule.deny with input as {"name": "r", "attr": {"cluster_scoped": cluster_scoped, "rules": rules}}
}

_everything := {"api_groups": ["*"], "resources": ["*"], "verbs": ["*"]}

test_three_wildcards_fail if {
	some res in _deny(true, [{"api_groups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}, _everything])
	res.path == "rules[1]"
	not res.severity
}

test_a_namespaced_role_is_less_severe if {
	some res in _deny(false, [_everything])
	res.severity == "high"
}

test_the_core_group_alone_fails if count(_deny(true, [{"api_groups": [""], "resources": ["*"], "verbs": ["*"]}])) == 1

test_another_group_passes if _deny(true, [{"api_groups": ["apps"], "resources": ["*"], "verbs": ["*"]}]) == set()

test_every_url_fails if {
	some res in _deny(true, [{"non_resource_urls": ["*"], "verbs": ["*"]}])
	contains(res.message, "URL")
}

test_reading_every_url_passes if _deny(true, [{"non_resource_urls": ["*"], "verbs": ["get"]}]) == set()

test_listed_verbs_pass if _deny(true, [{"api_groups": ["*"], "resources": ["*"], "verbs": ["get", "list"]}]) == set()

test_an_element_that_is_not_known_yet_is_left_to_the_engine if _deny(true, [null]) == set()

test_listed_resources_pass if _deny(true, [{"api_groups": ["*"], "resources": ["pods"], "verbs": ["*"]}]) == set()

test_a_role_of_kubernetes_itself_is_exempt if {
	found := rule.deny with input as {"name": "cluster-admin", "attr": {
		"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_everything],
	}}
	some res in found
	res.exempt
}
