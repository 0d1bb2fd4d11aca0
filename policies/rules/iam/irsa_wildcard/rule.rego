# METADATA
# title: IRSA trust uses a wildcard for the service account
# description: >-
#   A wildcard in the subject lets every service account that matches it take the role,
#   including ones that someone else creates later.
# related_resources:
#   - description: IAM roles for service accounts
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-IAM-013
#   severity: medium
#   category: workload-identity
#   since: 0.1.0
#   formats: [T, C, E]
#   on: [iam_role]
#   reads: ["trust.statements[*].conditions"]
#   remediation: Name each service account exactly, in one statement per account.
#   controls:
#     eks-bpg: [iam]
#   aliases: []
package plimsoll.rules.iam.irsa_wildcard

import data.plimsoll.lib.iam
import data.plimsoll.lib.result

deny contains res if {
	some found in iam.web_identity(input.attr.trust)
	some subject in iam.subjects(found.statement)
	regex.match(`[*?]`, subject.value)
	_of_cluster(subject.value, found.statement)
	contains(lower(subject.operator), "like")
	message := sprintf("role %q trusts every service account that matches %q", [input.name, subject.value])
	res := result.with_severity(result.at(sprintf("trust.statements[%d]", [found.index]), message), _severity(subject.value))
}

deny contains result.at(sprintf("trust.statements[%d]", [found.index]), message) if {
	some found in iam.web_identity(input.attr.trust)
	some subject in iam.subjects(found.statement)
	regex.match(`[*?]`, subject.value)
	_of_cluster(subject.value, found.statement)
	contains(lower(subject.operator), "equals")
	message := sprintf("role %q can never be assumed: %s compares %q literally", [input.name, subject.operator, subject.value])
}

# The subject of a service account says whose token it is, whatever is known of
# the provider.
_of_cluster(value, _) if startswith(value, "system:serviceaccount:")

_of_cluster(_, statement) if not iam.provider_unknown(statement)

# A wildcard in the namespace lets other teams in.
default _severity(_) := "medium"

_severity(value) := "high" if {
	regex.match(`^[^:]*:[^:]*:[^:]*[*?]`, value)
}
