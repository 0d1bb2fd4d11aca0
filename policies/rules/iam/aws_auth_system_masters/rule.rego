# METADATA
# title: aws-auth maps a principal to system:masters
# description: >-
#   Members of system:masters bypass every authorizer: the grant shows up in no RBAC review
#   and cannot be limited or revoked inside the cluster.
# related_resources:
#   - description: Grant IAM users access with a ConfigMap
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-IAM-007
#   severity: high
#   category: access
#   since: 0.1.0
#   formats: [K, T, C, E]
#   on: [aws_auth_mapping]
#   needs: [principal]
#   reads: [groups]
#   remediation: >-
#     Bind a group of your own with the least RBAC it needs, or replace the mapping by an access entry.
#   parameters:
#     - name: admin_principals
#       type: list(string)
#       default: ["*break-glass*"]
#       description: Principals (ARN patterns with * and ?) that may be in system:masters.
#   controls:
#     cis-eks: ["4.1.1", "4.1.7"]
#     eks-bpg: [iam]
#   aliases: [C-0246]
package plimsoll.rules.iam.aws_auth_system_masters

import data.plimsoll.lib.iam
import data.plimsoll.lib.result

_params := data.plimsoll.params.iam.aws_auth_system_masters

deny contains result.at(sprintf("groups[%d]", [i]), message) if {
	some i, group in input.attr.groups
	group == "system:masters"
	principal := object.get(input.attr, "principal", "a principal")
	not iam.matches_any(_params.admin_principals, principal)
	message := sprintf("%s is in system:masters", [principal])
}
