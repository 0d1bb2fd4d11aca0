# METADATA
# title: Role may mint service account tokens
# description: >-
#   Whoever creates a token for a service account is that account, for the API server
#   and, by IRSA, for AWS.
# related_resources:
#   - description: RBAC good practices, token request
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-009
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name the service accounts whose tokens are needed, in a Role of their namespace.
#     Kubernetes: {apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [vault-auth], verbs: [create]}
#     Terraform: resource_names = ["vault-auth"]
#   on: [rbac_role]
#   needs: ["rules[*].resource_names"]
#   reads: [cluster_scoped, "rules[*]"]
#   controls:
#     cis-eks: ["4.1.12"]
#   aliases: [C-0282]
package plimsoll.rules.rbac.mint_tokens

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_adjusted(res, grant) := result.with_severity(res, "low") if count(grant.names) > 0

_adjusted(res, grant) := res if count(grant.names) == 0

_whose(grant) := concat(", ", [sprintf("%v", [name]) | some name in grant.names]) if count(grant.names) > 0

_whose(grant) := "every service account" if {
	count(grant.names) == 0
	input.attr.cluster_scoped
} else := sprintf("every service account of namespace %s", [input.namespace]) if count(grant.names) == 0

deny contains roles.judged(_adjusted(result.at(grant.path, message), grant)) if {
	some grant in roles.granted.mint_tokens
	message := sprintf("%s may create tokens of %s", [roles.subject, _whose(grant)])
}
