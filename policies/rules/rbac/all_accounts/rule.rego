# METADATA
# title: Rights granted to all service accounts
# description: >-
#   Every pod with a token has these rights, so that any of them that is taken over
#   will do.
# related_resources:
#   - description: Kubernetes RBAC, service account permissions
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#service-account-permissions
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-019
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name the service account that needs the role.
#     Kubernetes: {kind: ServiceAccount, name: web, namespace: shop}
#     Terraform:
#       subject {
#         kind      = "ServiceAccount"
#         name      = kubernetes_service_account_v1.web.metadata[0].name
#         namespace = "shop"
#       }
#   on: [rbac_binding]
#   reads: ["subjects[*].kind", "subjects[*].name"]
package plimsoll.rules.rbac.all_accounts

import data.plimsoll.lib.bindings
import data.plimsoll.lib.result

_severity(name) := "high" if name == "system:serviceaccounts"

_severity(name) := "medium" if {
	is_string(name)
	startswith(name, "system:serviceaccounts:")
}

_whose("high", _) := "every service account of the cluster"

_whose("medium", name) := sprintf("every service account of namespace %s", [trim_prefix(name, "system:serviceaccounts:")])

deny contains bindings.judged(result.with_severity(result.at(sprintf("subjects[%d].name", [i]), message), severity)) if {
	some i, subject in input.attr.subjects
	subject.kind == "Group"
	severity := _severity(subject.name)
	message := sprintf("%s %q gives %s to %s", [
		bindings.kind(input), input.name,
		bindings.role(input),
		_whose(severity, subject.name),
	])
}
