# METADATA
# title: IAM policy semantics
# description: >-
#   What normalized policy statements grant. Action names do not depend on
#   upper and lower case; * and ? are wildcards.
# related_resources:
#   - description: IAM JSON policy elements reference
#     ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
package plimsoll.lib.iam

import data.plimsoll.lib.stack

# managed AWS policies that amount to administration of the account.
admin_managed := {"AdministratorAccess", "PowerUserAccess", "IAMFullAccess"}

# matches says whether an IAM pattern (* and ?) matches a whole text.
matches(pattern, text) if pattern == text

matches(pattern, text) if {
	regex.match(_regex(pattern), text)
}

_regex(pattern) := concat("", ["^", replace(replace(_quoted(pattern), "*", ".*"), "?", "."), "$"])

_quoted(text) := regex.replace(text, `[.+()|\[\]{}^$\\]`, `\$0`)

# matches_any says whether one of several patterns matches.
matches_any(patterns, text) if {
	some pattern in patterns
	matches(pattern, text)
}

# is_admin says whether a statement allows everything, or everything in IAM, on
# every resource and without a condition.
is_admin(statement) if {
	_unlimited(statement)
	some action in statement.actions
	lower(action) in {"*", "*:*", "iam:*"}
}

is_admin(statement) if {
	_unlimited(statement)
	count(statement.not_actions) > 0
	every action in statement.not_actions {
		lower(action) != "*"
	}
}

_unlimited(statement) if {
	statement.effect == "Allow"
	count(object.get(statement, "conditions", [])) == 0
	_everywhere(statement)
}

_everywhere(statement) if "*" in statement.resources

_everywhere(statement) if count(object.get(statement, "not_resources", [])) > 0

# admin_grants lists what makes a role administrator-like: {document, path, what}
# for every managed policy or statement.
admin_grants(role_id) := grants if {
	held := stack.fact("role_permissions", role_id, {"managed": [], "statements": []})
	managed := [{"document": policy.document, "path": policy.path, "what": policy.name} |
		some policy in held.managed
		policy.name in admin_managed
	]
	own := [{"document": held_statement.document, "path": held_statement.path, "what": _summary(held_statement.statement)} |
		some held_statement in held.statements
		is_admin(held_statement.statement)
	]
	grants := array.concat(managed, own)
}

_summary(statement) := sprintf("Action %s on Resource *", [concat(", ", statement.actions)]) if count(statement.actions) > 0

_summary(statement) := sprintf("NotAction %s on Resource *", [concat(", ", statement.not_actions)]) if {
	count(object.get(statement, "actions", [])) == 0
}

# permissions_unknown gives why the permissions of a role are not all known.
permissions_unknown(role_id) := [gap |
	some gap in object.get(stack.fact("role_permissions", role_id, {}), "unknown", [])
]

# web_identity lists the trust statements by which tokens of an EKS cluster's
# OIDC provider assume the role, with their index.
web_identity(trust) := [{"index": i, "statement": statement} |
	some i, statement in trust.statements
	statement.effect == "Allow"
	some action in statement.actions
	matches(lower(action), "sts:assumerolewithwebidentity")
	federated := [p | some p in object.get(statement.principals, "federated", []); p != null]
	not _other_provider(federated)
]

# provider_unknown says that nobody can know yet whose tokens a trust statement
# takes.
provider_unknown(statement) if count([p | some p in object.get(statement.principals, "federated", []); p != null]) == 0

provider_unknown(statement) if {
	some provider in statement.principals.federated
	provider == null
}

# settled marks a result as unknown while the provider is not known.
settled(res, statement) := object.union(res, {"unknown": "whose tokens it takes is not known yet"}) if {
	provider_unknown(statement)
} else := res

# _other_provider: every named provider is someone else's (CI systems, Cognito).
_other_provider(federated) if {
	count(federated) > 0
	every provider in federated {
		not contains(provider, "oidc.eks.")
		not contains(provider, "${")
	}
}

# subjects lists the values of the conditions on the token's subject, with the
# operator: {operator, value}.
subjects(statement) := [{"operator": condition.operator, "value": value} |
	some condition in object.get(statement, "conditions", [])
	endswith(lower(condition.key), ":sub")
	some value in condition.values
	value != null
]
