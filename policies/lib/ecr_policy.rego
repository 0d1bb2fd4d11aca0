# METADATA
# title: Policies about Amazon ECR
# description: What statements allow to whom, for resource rules.
# related_resources:
#   - description: Private repository policies
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
package plimsoll.lib.ecr_policy

import data.plimsoll.lib.iam

# writing actions change or remove images, or who may do so.
writing := {
	"ecr:batchdeleteimage",
	"ecr:batchimportupstreamimage",
	"ecr:completelayerupload",
	"ecr:createrepository",
	"ecr:deleterepository",
	"ecr:deleterepositorypolicy",
	"ecr:initiatelayerupload",
	"ecr:putimage",
	"ecr:putimagetagmutability",
	"ecr:putlifecyclepolicy",
	"ecr:replicateimage",
	"ecr:setrepositorypolicy",
	"ecr:uploadlayerpart",
}

# writes lists the writing actions that an action pattern stands for.
writes(pattern) := {action | some action in writing; iam.matches(lower(pattern), action)}

# may_write tells that a statement allows some writing action.
may_write(statement) if {
	some pattern in statement.actions
	count(writes(pattern)) > 0
}

may_write(statement) if count(statement.not_actions) > 0

# is_public tells that anybody is meant: * without a condition that says whose
# principals or which networks.
is_public(statement) if {
	statement.effect == "Allow"
	_is_anybody(statement)
	not _is_limited(statement)
}

_is_anybody(statement) if "*" in statement.principals.aws

_is_anybody(statement) if count(statement.not_principals) > 0

# Keys that say who or from where; a condition on one of them limits a statement
# when it has to hold, also where the request lacks the key.
_limiting := {
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principalorgid",
	"aws:principalorgpaths",
	"aws:sourceaccount",
	"aws:sourcearn",
	"aws:sourceorgid",
	"aws:sourcevpc",
	"aws:sourcevpce",
}

_is_limited(statement) if {
	some condition in statement.conditions
	lower(condition.key) in _limiting
	regex.match(`^(ForAnyValue:)?(String|Arn)(Equals|Like)(IgnoreCase)?$`, condition.operator)
	not "*" in condition.values
}

# accounts lists the accounts that a statement names, as 12 digits.
accounts(statement) := {account |
	some principal in statement.principals.aws
	some found in regex.find_all_string_submatch_n(`^(?:arn:[^:]*:(?:iam|sts)::)?([0-9]{12})(?::|$)`, principal, 1)
	account := found[1]
}
