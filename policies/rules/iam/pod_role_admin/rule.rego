# METADATA
# title: Pod role has administrator-like permissions
# description: >-
#   A compromised container that holds such a role compromises the AWS account.
# related_resources:
#   - description: Security best practices in IAM, least privilege
#     ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-IAM-018
#   severity: critical
#   category: least-privilege
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   on: [iam_role]
#   remediation: >-
#     Replace the policy by one that lists the actions and the ARNs the workload uses.
#   controls:
#     securityhub: [IAM.1, IAM.21]
#     eks-bpg: [iam]
package plimsoll.rules.iam.pod_role_admin

import data.plimsoll.lib.iam
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains res if {
	some role in stack.documents("iam_role")
	users := stack.fact("role_users", role.id, {"pods": []}).pods
	count(users) > 0
	some grant in iam.admin_grants(role.id)
	message := sprintf("role %q, which pods assume, is administrator-like: %s", [role.name, grant.what])
	holder := input.stack.documents[grant.document]
	res := result.with_related(result.on(holder, grant.path, message), _users(users))
}

deny contains res if {
	some role in stack.documents("iam_role")
	users := stack.fact("role_users", role.id, {"pods": []}).pods
	count(users) > 0
	count(iam.admin_grants(role.id)) == 0
	some gap in iam.permissions_unknown(role.id)
	message := sprintf("what role %q, which pods assume, may do is not all known before deployment", [role.name])
	place := result.on(input.stack.documents[gap.document], gap.path, message)
	res := result.as_unknown(result.with_related(place, _users(users)), gap.reason)
}

_users(users) := [result.place(input.stack.documents[user.document], user.path, "assumed here") | some user in users]
