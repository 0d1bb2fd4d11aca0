# METADATA
# title: Roles of well-known operators
# description: >-
#   Some operators cannot do their work without rights that are a finding for anybody
#   else. data/operator_roles.json names their roles, with the rules that they are
#   exempt from, the reason and the place where the role is published.
package plimsoll.lib.operators

import data.plimsoll.lib.result

# judge gives a rule's result about the role under judgement back, exempted when
# the role is one of an operator that may, or matches a pattern of the rule's
# parameter {name, patterns}.
judge(rule, parameter, res) := result.exempt(res, min(_reasons(rule, parameter))) if {
	count(_reasons(rule, parameter)) > 0
} else := res

_reasons(rule, parameter) := _by_parameter(parameter) | {reason |
	some role in data.plimsoll.facts.operator_roles.roles
	rule in role.rules
	some pattern in role.names
	glob.match(pattern, null, input.name)
	reason := sprintf("role of %s: %s", [role.operator, role.reason])
}

_by_parameter(parameter) := {sprintf("listed under %s", [parameter.name]) |
	some pattern in parameter.patterns
	glob.match(pattern, null, input.name)
}
