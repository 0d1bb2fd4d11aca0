# METADATA
# title: Namespace enforces the level privileged
# description: >-
#   Somebody has opted out of Pod Security: whatever runs in the namespace may take over
#   the node.
# related_resources:
#   - description: Kubernetes, Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-ADM-002
#   severity: high
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Raise the level; move agents that need the node into a namespace of their own.
#     Kubernetes: labels: {pod-security.kubernetes.io/enforce: baseline}
#     Terraform: labels = { "pod-security.kubernetes.io/enforce" = "baseline" }
#   on: [namespace]
#   reads: [labels]
#   parameters:
#     - name: exempt_namespaces
#       type: list(string)
#       default: [kube-system, kube-public, kube-node-lease]
#       description: Namespaces that may be privileged; an asterisk stands for any text.
package plimsoll.rules.adm.privileged_namespace

import data.plimsoll.lib.admission
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.privileged_namespace

deny contains result.at(admission.place("enforce"), message) if {
	input.attr.labels[admission.label("enforce")] == "privileged"
	not admission.listed(input.name, _params.exempt_namespaces)
	message := sprintf("namespace %q enforces the level privileged: anything goes", [input.name])
}
