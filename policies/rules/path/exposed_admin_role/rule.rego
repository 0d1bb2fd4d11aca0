# METADATA
# title: Internet-facing workload holds an admin AWS role
# description: >-
#   One flaw in this workload gives an attacker from the internet the AWS account: a load
#   balancer leads to it, and its service account assumes an administrator-like role.
# related_resources:
#   - description: IAM roles for service accounts
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-PATH-002
#   severity: critical
#   category: attack-path
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   on: [workload]
#   remediation: >-
#     Cut either edge: give the role only the actions and ARNs the workload uses, or take the workload
#     off the internet.
#   controls:
#     eks-bpg: [iam]
package plimsoll.rules.path.exposed_admin_role

import data.plimsoll.lib.iam
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains res if {
	some workload in stack.documents("workload")
	some exposure in stack.fact("exposure", workload.id, [])
	some account in stack.linked("sa_of", workload.id)
	some role in stack.linked("role_of", account.id)
	grants := iam.admin_grants(role.id)
	count(grants) > 0
	message := sprintf(
		"%s %s/%s answers to the internet and may assume role %q, which is administrator-like",
		[workload.attr.kind, workload.namespace, workload.name, role.name],
	)
	res := result.with_related(result.on(workload, "pod.serviceAccountName", message), _steps(exposure, account, role, grants))
}

deny contains res if {
	some workload in stack.documents("workload")
	count(stack.fact("exposure", workload.id, [])) > 0
	some account in stack.linked("sa_of", workload.id)
	some role in stack.linked("role_of", account.id)
	count(iam.admin_grants(role.id)) == 0
	some gap in iam.permissions_unknown(role.id)
	message := sprintf("%s/%s answers to the internet, and what its role %q may do is not all known", [workload.namespace, workload.name, role.name])
	res := result.as_unknown(result.on(workload, "pod.serviceAccountName", message), gap.reason)
}

# The way in, from the internet inwards.
_steps(exposure, account, role, grants) := array.concat(
	[result.place(input.stack.documents[id], "", "reachable from the internet through this") | some id in exposure.chain; id != account.id],
	array.concat(
		[result.place(account, "role_arn", sprintf("service account %s assumes the role", [account.name]))],
		[result.place(input.stack.documents[grant.document], grant.path, sprintf("role %s: %s", [role.name, grant.what])) | some grant in grants],
	),
)
