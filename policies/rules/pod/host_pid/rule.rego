# METADATA
# title: Host PID namespace is shared
# description: >-
#   The containers see all processes of the node, may read their environment with the
#   secrets in it, and may send them signals.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-008
#   severity: high
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove hostPID from the pod's spec.
#     Kubernetes: hostPID: false
#     Terraform: host_pid = false
#   on: [workload]
#   reads: [host_pid]
#   controls:
#     cis-eks: ["4.2.2"]
#     pss: [baseline/hostNamespaces]
#   aliases: [C-0038, C-0275, CKV_K8S_17]
package plimsoll.rules.pod.host_pid

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

deny contains system.judge_pod("PLM-POD-008", "hostPID", res) if {
	input.attr.host_pid == true
	res := result.at("host_pid", sprintf("%s shares the process namespace of its node", [pods.subject]))
}
