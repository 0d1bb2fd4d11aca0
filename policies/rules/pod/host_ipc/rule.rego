# METADATA
# title: Host IPC namespace is shared
# description: >-
#   The containers reach the shared memory and the message queues of the node's
#   processes.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-009
#   severity: high
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove hostIPC from the pod's spec.
#     Kubernetes: hostIPC: false
#     Terraform: host_ipc = false
#   on: [workload]
#   reads: [host_ipc]
#   controls:
#     cis-eks: ["4.2.3"]
#     pss: [baseline/hostNamespaces]
#   aliases: [CKV_K8S_18]
package plimsoll.rules.pod.host_ipc

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

deny contains system.judge_pod("PLM-POD-009", "hostIPC", res) if {
	input.attr.host_ipc == true
	res := result.at("host_ipc", sprintf("%s shares the inter-process communication of its node", [pods.subject]))
}
