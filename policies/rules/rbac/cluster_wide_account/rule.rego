# METADATA
# title: Namespaced workload's account bound cluster-wide
# description: >-
#   The role is about objects that live in namespaces, and so is the account; a
#   RoleBinding in the namespaces it works in would do. As it is, whoever takes the
#   workload over reaches every namespace.
# related_resources:
#   - description: RBAC good practices, least privilege
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
#   - description: Kubernetes RBAC, RoleBinding and ClusterRoleBinding
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding
# custom:
#   id: PLM-RBAC-021
#   severity: medium
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Bind the ClusterRole by a RoleBinding in each namespace the workload works in; list the namespaces of controllers under controller_namespaces.
#     Kubernetes: {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: web, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: web}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}]}
#     Terraform:
#       resource "kubernetes_role_binding_v1" "web" {
#         metadata {
#           name      = "web"
#           namespace = "shop"
#         }
#         role_ref {
#           api_group = "rbac.authorization.k8s.io"
#           kind      = "ClusterRole"
#           name      = "web"
#         }
#         subject {
#           kind      = "ServiceAccount"
#           name      = "web"
#           namespace = "shop"
#         }
#       }
#   on: [rbac_binding]
#   scope: stack
#   parameters:
#     - name: controller_namespaces
#       type: list(string)
#       default:
#         - "kube-*"
#         - "*-system"
#         - "amazon-*"
#         - "argo*"
#         - "aws-*"
#         - "cert-manager"
#         - "crossplane*"
#         - "datadog"
#         - "external-dns"
#         - "external-secrets"
#         - "falco"
#         - "flux*"
#         - "gatekeeper*"
#         - "ingress-*"
#         - "istio-*"
#         - "karpenter"
#         - "keda"
#         - "kyverno"
#         - "linkerd*"
#         - "logging"
#         - "monitoring"
#         - "observability"
#         - "prometheus"
#         - "secrets-store-csi*"
#         - "tekton-*"
#         - "trivy*"
#         - "vault"
#         - "velero"
#       description: >-
#         Namespaces of controllers, which work in all namespaces; an asterisk stands for any text.
package plimsoll.rules.rbac.cluster_wide_account

import data.plimsoll.lib.bindings
import data.plimsoll.lib.known
import data.plimsoll.lib.rbac
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.rbac.cluster_wide_account

_is_tenant(namespace) if {
	every pattern in _params.controller_namespaces {
		not glob.match(pattern, null, namespace)
	}
}

# Roles of Kubernetes that are made to be bound in namespaces.
_for_namespaces := {"view", "edit"}

# What tells that a binding gives nothing a namespace would not hold: "yes" and
# "perhaps" (the lesser word) with the roles, or nothing.
_verdict(binding) := {"answer": "yes", "roles": []} if {
	binding.attr.role.kind == "ClusterRole"
	binding.attr.role.name in _for_namespaces
} else := {"answer": answer, "roles": roles} if {
	roles := stack.linked("rbac_role_of", binding.id)
	answers := {rbac.is_namespaced(role) | some role in roles}
	not "no" in answers
	answer := min(answers)
}

_found(binding, i, account, roles) := result.with_related(
	result.on(binding, sprintf("subjects[%d]", [i]), sprintf(
		"ClusterRoleBinding %q gives service account %s/%s the role %s in every namespace",
		[binding.name, account.namespace, account.name, binding.attr.role.name],
	)),
	[result.place(role, "", "only about objects in namespaces") | some role in roles],
)

_candidates contains {"binding": binding, "index": i, "account": account, "verdict": verdict} if {
	some binding in stack.documents("rbac_binding")
	binding.attr.cluster_scoped
	some i, subject in binding.attr.subjects
	account := bindings.account(binding, subject)
	account.namespace != ""
	_is_tenant(account.namespace)
	verdict := _verdict(binding)
}

deny contains _found(c.binding, c.index, c.account, c.verdict.roles) if {
	some c in _candidates
	c.verdict.answer == "yes"
}

deny contains result.as_unknown(_found(c.binding, c.index, c.account, c.verdict.roles), "the rules of the role are not known yet") if {
	some c in _candidates
	c.verdict.answer == "perhaps"
}

# The account or its namespace is not known yet.
deny contains result.as_unknown(result.on(binding, path, message), reason) if {
	some binding in stack.documents("rbac_binding")
	binding.attr.cluster_scoped
	_verdict(binding)
	some i, subject in binding.attr.subjects
	subject.kind == "ServiceAccount"
	some field in ["namespace", "name"]
	path := sprintf("subjects[%d].%s", [i, field])
	reason := known.reason(binding, path)
	message := sprintf("whether ClusterRoleBinding %q gives an account of a workload more than its namespace is not known", [binding.name])
}
