# METADATA
# title: Node role has administrator-like permissions
# description: >-
#   Every pod that reaches the instance metadata service of its node holds this role, and with
#   it the AWS account.
# related_resources:
#   - description: Amazon EKS node IAM role
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-IAM-022
#   severity: critical
#   category: least-privilege
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   on: [iam_role]
#   remediation: >-
#     Keep AmazonEKSWorkerNodePolicy (or AmazonEKSWorkerNodeMinimalPolicy), an ECR pull policy and
#     nothing else on the node role; give workloads roles of their own.
#   controls:
#     eks-bpg: [iam]
package plimsoll.rules.iam.node_role_admin

import data.plimsoll.lib.iam
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains res if {
	some role in stack.documents("iam_role")
	users := stack.fact("role_users", role.id, {"nodes": []}).nodes
	count(users) > 0
	some grant in iam.admin_grants(role.id)
	message := sprintf("role %q, which nodes assume, is administrator-like: %s", [role.name, grant.what])
	holder := input.stack.documents[grant.document]
	res := result.with_related(result.on(holder, grant.path, message), _users(users))
}

deny contains res if {
	some role in stack.documents("iam_role")
	users := stack.fact("role_users", role.id, {"nodes": []}).nodes
	count(users) > 0
	count(iam.admin_grants(role.id)) == 0
	some gap in iam.permissions_unknown(role.id)
	message := sprintf("what role %q, which nodes assume, may do is not all known before deployment", [role.name])
	place := result.on(input.stack.documents[gap.document], gap.path, message)
	res := result.as_unknown(result.with_related(place, _users(users)), gap.reason)
}

_users(users) := [result.place(input.stack.documents[user.document], user.path, "nodes that assume it") | some user in users]
