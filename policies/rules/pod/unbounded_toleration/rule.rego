# METADATA
# title: Pod tolerates every taint or is pinned to a node
# description: >-
#   Taints keep workloads off nodes that are meant for others: for system add-ons, for
#   another tenant, for nodes that are being drained. A toleration without a key
#   ignores all of them, and a node name ignores the scheduler altogether.
# related_resources:
#   - description: Taints and tolerations
#     ref: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
#   - description: EKS best practices, multi-tenancy
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/tenant-isolation.html
# custom:
#   id: PLM-POD-040
#   severity: medium
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name the taint that is meant, and choose nodes by label.
#     Kubernetes: tolerations: [{key: dedicated, operator: Equal, value: batch, effect: NoSchedule}]
#     Terraform:
#       toleration {
#         key      = "dedicated"
#         operator = "Equal"
#         value    = "batch"
#         effect   = "NoSchedule"
#       }
#   on: [workload]
#   needs: ["pod.tolerations[*].key"]
#   reads: [kind, annotations, labels, "pod.tolerations[*].operator", pod.nodeName]
#   controls:
#     eks-bpg: [multitenancy]
package plimsoll.rules.pod.unbounded_toleration

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

deny contains system.judge_pod("PLM-POD-040", "tolerations", res) if {
	not pods.is_static
	input.attr.kind != "DaemonSet"
	some i, toleration in pods.list(input.attr.pod.tolerations)
	input.attr.pod.tolerations[i].operator == "Exists"
	pods.field(toleration, "key") == ""
	res := result.at(sprintf("pod.tolerations[%d]", [i]), sprintf("%s tolerates every taint", [pods.subject]))
}

deny contains system.judge_pod("PLM-POD-040", "nodeName", res) if {
	not pods.is_static
	name := input.attr.pod.nodeName
	not name in {"", null}
	res := result.at("pod.nodeName", sprintf("%s is pinned to the node %v", [pods.subject, name]))
}
