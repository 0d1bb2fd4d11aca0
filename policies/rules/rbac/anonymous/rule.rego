# METADATA
# title: Anonymous or unauthenticated subjects are bound
# description: >-
#   Whoever reaches the API server has these rights, without credentials. On EKS that
#   is the whole internet while the endpoint is public.
# related_resources:
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
#   - description: Kubernetes, anonymous requests
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests
# custom:
#   id: PLM-RBAC-015
#   severity: critical
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Delete the subject; name the group of those who need the role.
#     Kubernetes: {kind: Group, name: oncall, apiGroup: rbac.authorization.k8s.io}
#     Terraform:
#       subject {
#         kind      = "Group"
#         name      = "oncall"
#         api_group = "rbac.authorization.k8s.io"
#       }
#   on: [rbac_binding]
#   needs: [role.kind, role.name]
#   reads: ["subjects[*].name"]
#   controls:
#     eks-bpg: [iam]
#   aliases: [C-0262, disable_anonymous_access_for_roles, disable_anonymous_access_for_cluster_roles]
package plimsoll.rules.rbac.anonymous

import data.plimsoll.lib.bindings
import data.plimsoll.lib.result

# It shows the version of the cluster and whether it is healthy.
_harmless if {
	input.attr.role.kind == "ClusterRole"
	input.attr.role.name == "system:public-info-viewer"
}

deny contains result.at(sprintf("subjects[%d].name", [i]), message) if {
	some i, subject in input.attr.subjects
	subject.name in {"system:anonymous", "system:unauthenticated"}
	not _harmless
	message := sprintf("%s %q gives %s to %s", [bindings.kind(input), input.name, bindings.role(input), subject.name])
}
