# METADATA
# title: Catch-all webhook that fails closed
# description: >-
#   The API server refuses every change of every object while the webhook does not answer,
#   those included that would bring it back: its own pods, DNS, the network plugin and the
#   leases of nodes.
# related_resources:
#   - description: Kubernetes, admission webhook good practices
#     ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
#   - description: EKS best practices, control plane
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/control-plane.html
# custom:
#   id: PLM-ADM-008
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name the resources the webhook is about, and leave kube-system out.
#     Kubernetes: namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}
#     Terraform:
#       namespace_selector {
#         match_expressions {
#           key      = "kubernetes.io/metadata.name"
#           operator = "NotIn"
#           values   = ["kube-system"]
#         }
#       }
#   on: [webhook_configuration]
#   needs:
#     - "webhooks[*].failurePolicy"
#     - "webhooks[*].namespaceSelector"
#     - "webhooks[*].objectSelector"
#     - "webhooks[*].matchConditions"
#   reads: ["webhooks[*].failurePolicy", "webhooks[*].rules[*]"]
#   controls:
#     eks-bpg: [control-plane]
package plimsoll.rules.adm.catch_all_webhook

import data.plimsoll.lib.admission
import data.plimsoll.lib.result

_default := "Ignore" if admission.is_beta(input.kind)

_default := "Fail" if not admission.is_beta(input.kind)

_catches_all(rule) if {
	"*" in rule.apiGroups
	some resource in ["*", "*/*"]
	resource in rule.resources
	_every_operation(rule)
}

_every_operation(rule) if "*" in rule.operations

_every_operation(rule) if {
	every operation in ["CREATE", "UPDATE", "DELETE"] {
		operation in rule.operations
	}
}

deny contains result.at(sprintf("webhooks[%d].rules[%d]", [i, j]), message) if {
	some i, webhook in input.attr.webhooks
	is_number(i)
	some j, rule in webhook.rules
	is_number(j)
	_catches_all(rule)
	admission.setting(webhook, "failurePolicy", _default) == "Fail"
	not admission.spares_kube_system(webhook)
	message := sprintf("webhook %q is called for every change, kube-system's too, and fails closed", [admission.setting(webhook, "name", input.name)])
}
