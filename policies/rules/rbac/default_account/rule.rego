# METADATA
# title: Rights granted to a default service account
# description: >-
#   Every pod of the namespace that names no service account has these rights, those
#   that are added tomorrow included.
# related_resources:
#   - description: Kubernetes, service accounts
#     ref: https://kubernetes.io/docs/concepts/security/service-accounts/
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-018
#   severity: medium
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Make a service account for the workload, name it in the pod's serviceAccountName and bind that.
#     Kubernetes: {kind: ServiceAccount, name: web, namespace: shop}
#     Terraform:
#       subject {
#         kind      = "ServiceAccount"
#         name      = kubernetes_service_account_v1.web.metadata[0].name
#         namespace = "shop"
#       }
#   on: [rbac_binding]
#   reads: ["subjects[*].kind", "subjects[*].name", "subjects[*].namespace"]
#   controls:
#     cis-eks: ["4.1.5"]
#   aliases: [CKV_K8S_42, C-0189]
package plimsoll.rules.rbac.default_account

import data.plimsoll.lib.bindings
import data.plimsoll.lib.result

deny contains bindings.judged(result.at(sprintf("subjects[%d].name", [i]), message)) if {
	some i, subject in input.attr.subjects
	account := bindings.account(input, subject)
	account.name == "default"
	message := sprintf("%s %q gives %s to the default service account %s", [
		bindings.kind(input), input.name,
		bindings.role(input),
		bindings.owner(account),
	])
}
