# METADATA
# title: All authenticated identities are bound to a real role
# description: >-
#   system:authenticated is everybody the API server knows: every IAM principal with an
#   access entry, and every pod that holds a token.
# related_resources:
#   - description: Kubernetes RBAC, API discovery roles
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-016
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name the groups that need the role.
#     Kubernetes: {kind: Group, name: developers, apiGroup: rbac.authorization.k8s.io}
#     Terraform:
#       subject {
#         kind      = "Group"
#         name      = "developers"
#         api_group = "rbac.authorization.k8s.io"
#       }
#   on: [rbac_binding]
#   needs: [role.kind, role.name]
#   reads: ["subjects[*].name"]
#   aliases: [C-0265, authenticate_group_bind]
package plimsoll.rules.rbac.authenticated

import data.plimsoll.lib.bindings
import data.plimsoll.lib.result

# What Kubernetes gives everybody.
_harmless if {
	input.attr.role.kind == "ClusterRole"
	input.attr.role.name in {"system:basic-user", "system:discovery", "system:public-info-viewer"}
}

deny contains result.at(sprintf("subjects[%d].name", [i]), message) if {
	some i, subject in input.attr.subjects
	subject.name == "system:authenticated"
	not _harmless
	message := sprintf("%s %q gives %s to everybody who is authenticated", [
		bindings.kind(input), input.name,
		bindings.role(input),
	])
}
