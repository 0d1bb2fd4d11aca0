package plimsoll.rules.rbac.wildcard_test

import data.plimsoll.rules.rbac.wildcard as rule

_deny(name, rules) := {res |
	some res in rule.deny with input as {"name": name, "attr": {"rules": rules}}
		with data.plimsoll.params.rbac.wildcard as {"ignore_roles": ["system:*"]}
}

test_every_verb_fails if {
	some res in _deny("r", [{"api_groups": ["apps"], "resources": ["deployments"], "verbs": ["get", "*"]}])
	res.path == "rules[0].verbs[1]"
	not res.severity
	not res.exempt
}

test_two_wildcards_are_one_finding if {
	found := _deny("r", [{"api_groups": ["apps"], "resources": ["*"], "verbs": ["*"]}])
	count(found) == 1
	some res in found
	res.path == "rules[0].resources[0]"
	contains(res.message, "resources, verbs")
}

test_every_group_fails if {
	some res in _deny("r", [{"api_groups": ["*"], "resources": ["replicasets"], "verbs": ["get"]}])
	contains(res.message, "api groups")
}

test_three_wildcards_are_another_rules_matter if {
	_deny("r", [{"api_groups": ["*"], "resources": ["*"], "verbs": ["*"]}]) == set()
}

test_reading_all_resources_includes_secrets if {
	some res in _deny("r", [{"api_groups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}])
	res.severity == "high"
}

test_reading_all_of_another_group_does_not if {
	some res in _deny("r", [{"api_groups": ["apps"], "resources": ["*"], "verbs": ["get"]}])
	not res.severity
}

test_roles_of_the_platform_are_exempt if {
	some res in _deny("system:controller:x", [{"api_groups": [""], "resources": ["pods"], "verbs": ["*"]}])
	res.exempt
}

test_no_wildcard_passes if _deny("r", [{"api_groups": [""], "resources": ["pods"], "verbs": ["get"]}]) == set()

test_writing_beside_reading_all_resources_is_no_better if {
	some res in _deny("r", [{"api_groups": ["*"], "resources": ["*"], "verbs": ["get", "patch"]}])
	res.severity == "high"
}

test_creating_all_resources_reads_nothing if {
	some res in _deny("r", [{"api_groups": [""], "resources": ["*"], "verbs": ["create"]}])
	not res.severity
}

test_reading_some_resources_of_every_group_is_no_secret if {
	some res in _deny("r", [{"api_groups": ["*"], "resources": ["pods"], "verbs": ["get"]}])
	not res.severity
}

test_a_star_elsewhere_passes if {
	_deny("r", [{"api_groups": [""], "resources": ["pods"], "verbs": ["get"], "resource_names": ["*"]}]) == set()
}

test_roles_of_well_known_operators_are_exempt_with_the_reason if {
	some res in _deny("kyverno:admission-controller", [{"api_groups": ["*"], "resources": ["pods"], "verbs": ["get"]}])
	contains(res.exempt, "Kyverno")
}
