package plimsoll.rules.rbac.mint_tokens_test

import data.plimsoll.rules.rbac.mint_tokens as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_mints(names) := {
	"api_groups": [""], "resources": ["serviceaccounts/token"],
	"verbs": ["create"], "resource_names": names,
}

test_every_account_is_high if {
	some res in _cluster(_mints([]))
	not res.severity
	endswith(res.message, "tokens of every service account")
}

test_every_account_of_a_namespace_is_high if {
	some res in _role(_mints([]))
	not res.severity
	endswith(res.message, "tokens of every service account of namespace shop")
}

test_named_accounts_are_low if {
	some res in _cluster(_mints(["a", "b"]))
	res.severity == "low"
	endswith(res.message, "tokens of a, b")
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_mints([])]}
	some res in _deny(attr)
	res.exempt
}
