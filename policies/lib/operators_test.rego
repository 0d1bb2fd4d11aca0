package plimsoll.lib.operators_test

import data.plimsoll.lib.operators

_exempt(name, rule) := res.exempt if {
	res := operators.judge(rule, {"name": "ignore_roles", "patterns": ["mine-*"]}, {"path": "", "message": "m"}) with input.name as name
}

test_roles_of_operators_are_exempt_from_their_rules if {
	contains(_exempt("karpenter-core", "PLM-RBAC-026"), "Karpenter")
	not _exempt("karpenter-core", "PLM-RBAC-003")
}

test_roles_of_the_parameter_are_exempt if _exempt("mine-1", "PLM-RBAC-003") == "listed under ignore_roles"

test_others_are_not if not _exempt("web", "PLM-RBAC-003")

# Every entry says why and where, and its names are no catch-all.
test_the_data_are_whole if {
	every role in data.plimsoll.facts.operator_roles.roles {
		count(role.reason) > 10
		startswith(role.source, "https://github.com/")
		every name in role.names {
			count(trim(name, "*-")) > 3
		}
	}
}
