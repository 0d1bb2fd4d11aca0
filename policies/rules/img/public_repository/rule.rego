# METADATA
# title: Anyone may use the repository or registry
# description: >-
#   A policy with the principal * opens the images to every AWS account in the world: what is in them can
#   be read, and if it allows pushes, what runs in the cluster is anybody's choice. Other accounts that
#   may push can do the latter as well.
# related_resources:
#   - description: Private repository policies
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
#   - description: Registry permissions
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
# custom:
#   id: PLM-IMG-008
#   severity: critical
#   category: access
#   since: 0.1.0
#   formats: [T, C]
#   remediation: |
#     Name the accounts, or limit the statement to your organization. Leave actions that change images to the
#     registry's own account.
#     Terraform:
#       principals {
#         type        = "*"
#         identifiers = ["*"]
#       }
#       condition {
#         test     = "StringEquals"
#         variable = "aws:PrincipalOrgID"
#         values   = ["o-exampleorgid"]
#       }
#     CloudFormation:
#       Principal: "*"
#       Condition: {StringEquals: {aws:PrincipalOrgID: o-exampleorgid}}
#   on: [ecr_repository, ecr_repository_policy]
#   reads: [policy]
#   controls:
#     cis-eks: ["5.1.2"]
#     eks-bpg: [image-security]
#   aliases: [CKV_AWS_32]
package plimsoll.rules.img.public_repository

import data.plimsoll.lib.ecr_policy
import data.plimsoll.lib.result

_deed(statement) := "change" if {
	ecr_policy.may_write(statement)
} else := "use"

deny contains result.at(sprintf("policy.statements[%d]", [i]), message) if {
	some i, statement in input.attr.policy.statements
	ecr_policy.is_public(statement)
	message := sprintf("the policy of %q lets anybody %s images", [input.name, _deed(statement)])
}

deny contains result.with_severity(result.at(sprintf("policy.statements[%d]", [i]), message), "high") if {
	some i, statement in input.attr.policy.statements
	statement.effect == "Allow"
	ecr_policy.may_write(statement)
	others := ecr_policy.accounts(statement) - _own
	count(others) > 0
	message := sprintf("the policy of %q lets account %s change images", [input.name, concat(", ", sort(others))])
}

# The account that owns the registry, where the input says.
_own := {object.get(input.raw, "registry_id", "")}
