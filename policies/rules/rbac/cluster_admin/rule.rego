# METADATA
# title: Administrator role is bound to a non-system subject
# description: >-
#   The subject may do everything in the cluster, or in the namespace for a
#   RoleBinding. Whoever gets hold of its credentials owns all of it.
# related_resources:
#   - description: Kubernetes RBAC, user-facing roles
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
#   - description: RBAC good practices
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   id: PLM-RBAC-001
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Bind a role with the permissions that the subject needs, in the namespaces where it needs them.
#     Kubernetes: roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
#     Terraform:
#       role_ref {
#         api_group = "rbac.authorization.k8s.io"
#         kind      = "Role"
#         name      = kubernetes_role_v1.deployer.metadata[0].name
#       }
#   on: [rbac_binding]
#   needs: ["subjects[*].kind", "subjects[*].name", "subjects[*].namespace"]
#   reads: [cluster_scoped, role.kind, role.name, subjects]
#   parameters:
#     - name: admin_subjects
#       type: list(string)
#       default: ["Group:platform-admins"]
#       description: >-
#         Subjects that may be administrators, as Kind:name or ServiceAccount:namespace/name; an
#         asterisk stands for any text.
#   controls:
#     cis-eks: ["4.1.1"]
#     nsa: [authorization]
#   aliases: [C-0185, KSV-0111]
package plimsoll.rules.rbac.cluster_admin

import data.plimsoll.lib.result

_params := data.plimsoll.params.rbac.cluster_admin

# What Kubernetes and EKS bind themselves.
_system := [
	"Group:system:masters",
	"User:system:kube-controller-manager",
	"User:system:kube-scheduler",
	"User:eks:*",
]

_administrator if {
	input.attr.role.kind == "ClusterRole"
	input.attr.role.name == "cluster-admin"
}

_administrator if {
	input.attr.role.kind == "ClusterRole"
	input.attr.role.name == "admin"
	input.attr.cluster_scoped
}

_allowed(i) if {
	some pattern in array.concat(_system, _params.admin_subjects)
	glob.match(pattern, null, _subject(i))
}

_subject(i) := sprintf("ServiceAccount:%s/%s", [_namespace(i), input.attr.subjects[i].name]) if {
	input.attr.subjects[i].kind == "ServiceAccount"
} else := sprintf("%s:%s", [input.attr.subjects[i].kind, input.attr.subjects[i].name])

# A subject without a namespace is taken to be in the binding's own.
_namespace(i) := input.attr.subjects[i].namespace if {
	input.attr.subjects[i].namespace != ""
} else := input.namespace

_adjusted(res) := res if input.attr.cluster_scoped

_adjusted(res) := result.with_severity(res, "medium") if not input.attr.cluster_scoped

deny contains _adjusted(result.at(sprintf("subjects[%d]", [i]), message)) if {
	_administrator
	some i, _ in input.attr.subjects
	not _allowed(i)
	message := sprintf("%q gives the role %s to %s", [input.name, input.attr.role.name, _subject(i)])
}
