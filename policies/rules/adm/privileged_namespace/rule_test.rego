package plimsoll.rules.adm.privileged_namespace_test

import data.plimsoll.rules.adm.privileged_namespace as rule

_deny(name, labels) := {res |
	some res in rule.deny with input as {"name": name, "attr": {"labels": labels}}
		with data.plimsoll.params.adm.privileged_namespace as {"exempt_namespaces": ["kube-system", "agents-*"]}
}

_enforce(level) := {"pod-security.kubernetes.io/enforce": level}

test_an_explicit_privileged_fails if {
	some res in _deny("shop", _enforce("privileged"))
	res.path == `labels["pod-security.kubernetes.io/enforce"]`
	res.message == `namespace "shop" enforces the level privileged: anything goes`
}

test_other_levels_pass if {
	every level in ["baseline", "restricted", "Privileged", "", null] {
		_deny("shop", _enforce(level)) == set()
	}
}

test_no_level_is_left_to_the_rule_about_it if {
	_deny("shop", {}) == set()
	_deny("shop", {"pod-security.kubernetes.io/warn": "privileged"}) == set()
}

test_exempt_namespaces_pass if {
	_deny("kube-system", _enforce("privileged")) == set()
	_deny("agents-logs", _enforce("privileged")) == set()
	count(_deny("kube-systems", _enforce("privileged"))) == 1
	count(_deny("agents", _enforce("privileged"))) == 1
}
