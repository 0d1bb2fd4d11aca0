package plimsoll.rules.rbac.aggregated_powers_test

import data.plimsoll.rules.rbac.aggregated_powers as rule

_deny(target, rules) := {res |
	some res in rule.deny with input as {"name": "r", "attr": {
		"cluster_scoped": true,
		"labels": {sprintf("rbac.authorization.k8s.io/aggregate-to-%s", [target]): "true"},
		"rules": rules,
	}}
}

_widgets(verbs) := {"api_groups": ["example.com"], "resources": ["widgets"], "verbs": verbs}

test_a_power_fails if {
	every resource, verb in {
		"pods": "create", "pods/exec": "create", "nodes/proxy": "get", "services/proxy": "get",
		"serviceaccounts/token": "create", "serviceaccounts": "impersonate",
	} {
		some res in _deny("edit", [_widgets(["get"]), {"api_groups": [""], "resources": [resource], "verbs": [verb]}])
		res.path == "rules[1]"
		not res.exempt
	}
}

test_the_message_names_powers_and_roles if {
	found := rule.deny with input as {"name": "r", "attr": {
		"cluster_scoped": true,
		"labels": {
			"rbac.authorization.k8s.io/aggregate-to-admin": "true",
			"rbac.authorization.k8s.io/aggregate-to-edit": "true",
			"rbac.authorization.k8s.io/aggregate-to-view": "false",
		},
		"rules": [{
			"api_groups": ["admissionregistration.k8s.io"],
			"resources": ["mutatingwebhookconfigurations"], "verbs": ["*"],
		}],
	}}
	{res.message | some res in found} == {`ClusterRole "r" adds a wildcard, changes of admission control to the built-in roles admin, edit`}
}

test_all_secrets_fail if count(_deny("admin", [{"api_groups": [""], "resources": ["secrets"], "verbs": ["list"]}])) == 1

test_named_secrets_pass_but_not_in_view if {
	named := {"api_groups": [""], "resources": ["secrets"], "verbs": ["get"], "resource_names": ["one"]}
	_deny("edit", [named]) == set()
	some res in _deny("view", [named])
	contains(res.message, "Secrets")
}

test_a_wildcard_fails if {
	every field in ["verbs", "resources", "api_groups"] {
		count(_deny("edit", [object.union(_widgets(["get"]), {field: ["*"]})])) == 1
	}
}

test_a_star_that_is_no_verb_passes if {
	_deny("edit", [object.union(_widgets(["get"]), {"resource_names": ["*"]})]) == set()
}

test_writing_fails_in_view_only if {
	some res in _deny("view", [_widgets(["get", "update"])])
	contains(res.message, "writing")
	_deny("edit", [_widgets(["get", "update"])]) == set()
}

test_reading_passes_in_view if _deny("view", [_widgets(["get", "list", "watch"])]) == set()

test_a_verb_that_is_not_known_is_left_to_the_engine if _deny("view", [_widgets(["get", null])]) == set()

test_a_role_that_is_not_aggregated_passes if {
	attr := {"cluster_scoped": true, "labels": {"a": "true"}, "rules": [{"api_groups": [""], "resources": ["pods"], "verbs": ["create"]}]}
	found := rule.deny with input as {"name": "r", "attr": attr}
	found == set()
}

test_a_role_of_kubernetes_itself_is_exempt if {
	found := rule.deny with input as {"name": "r", "attr": {
		"cluster_scoped": true,
		"labels": {"rbac.authorization.k8s.io/aggregate-to-admin": "true", "kubernetes.io/bootstrapping": "rbac-defaults"},
		"rules": [{"api_groups": [""], "resources": ["pods"], "verbs": ["create"]}],
	}}
	some res in found
	res.exempt
}
