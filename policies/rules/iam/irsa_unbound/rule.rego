# METADATA
# title: IRSA trust is not bound to a service account
# description: >-
#   A role that trusts the cluster's OIDC provider without naming a service account can be
#   assumed by every pod of the cluster.
# related_resources:
#   - description: IAM roles for service accounts
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-IAM-012
#   severity: critical
#   category: workload-identity
#   since: 0.1.0
#   formats: [T, C, E]
#   on: [iam_role]
#   needs: ["trust.statements[*].conditions"]
#   reads: ["trust.statements[*].conditions", "trust.statements[*].actions", "trust.statements[*].effect"]
#   remediation: >-
#     Add a condition StringEquals on "<issuer>:sub" with the value
#     "system:serviceaccount:<namespace>:<service account>".
#   supersedes: [PLM-IAM-013]
#   controls:
#     eks-bpg: [iam]
#   aliases: []
package plimsoll.rules.iam.irsa_unbound

import data.plimsoll.lib.iam
import data.plimsoll.lib.result

deny contains iam.settled(res, found.statement) if {
	not _bound_by_eksctl
	some found in iam.web_identity(input.attr.trust)
	count(iam.subjects(found.statement)) == 0
	message := sprintf("role %q can be assumed by every service account of the cluster: its trust has no condition on :sub", [input.name])
	res := result.at(sprintf("trust.statements[%d]", [found.index]), message)
}

deny contains result.at(sprintf("trust.statements[%d]", [found.index]), message) if {
	not _bound_by_eksctl
	some found in iam.web_identity(input.attr.trust)
	some subject in iam.subjects(found.statement)
	contains(lower(subject.operator), "like")
	_anything(subject.value)
	message := sprintf("role %q can be assumed by every service account of the cluster: its :sub is %q", [input.name, subject.value])
}

# eksctl writes the namespace into every subject itself, whatever the name's
# pattern turns out to be.
_bound_by_eksctl if input.format == "eksctl"

# A pattern that admits accounts of every namespace with any name.
_anything(pattern) if {
	iam.matches(pattern, "system:serviceaccount:any-namespace:any-account")
	iam.matches(pattern, "system:serviceaccount:other:thing")
}
