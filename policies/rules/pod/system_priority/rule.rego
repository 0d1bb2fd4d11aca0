# METADATA
# title: Priority of the system outside of kube-system
# description: >-
#   Pods of a high priority push others off their nodes when room is short: with that
#   of the system, CoreDNS, security agents and admission webhooks among them.
# related_resources:
#   - description: Pod priority and preemption
#     ref: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
#   - description: EKS best practices, multi-tenancy
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/tenant-isolation.html
# custom:
#   id: PLM-POD-041
#   severity: medium
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Make a PriorityClass with a moderate value for the workload.
#     Kubernetes: priorityClassName: business-critical
#     Terraform: priority_class_name = kubernetes_priority_class_v1.business.metadata[0].name
#   on: [workload, scheduling.k8s.io/v1/PriorityClass]
#   reads: [pod.priorityClassName, value, globalDefault]
#   parameters:
#     - name: max_priority
#       type: int
#       default: 1000000
#       description: Highest value that a PriorityClass may have.
#   controls:
#     eks-bpg: [multitenancy]
package plimsoll.rules.pod.system_priority

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.system_priority

deny contains _settled(system.judge_pod("PLM-POD-041", class, res)) if {
	class := input.attr.pod.priorityClassName
	class in {"system-cluster-critical", "system-node-critical"}
	input.namespace != "kube-system"
	res := result.at("pod.priorityClassName", sprintf("%s has the priority %s outside of kube-system", [pods.subject, class]))
}

_settled(res) := result.as_unknown(res, "its namespace is not known yet") if {
	not pods.has_known_namespace(input)
} else := result.as_unknown(res, "only the release's command names its namespace") if {
	pods.is_of_release(input)
} else := res

deny contains _adjusted(result.at("value", message)) if {
	input.kind == "scheduling.k8s.io/v1/PriorityClass"
	input.raw.value > _params.max_priority
	message := sprintf("PriorityClass %q has the value %v, above %v", [input.name, input.raw.value, _params.max_priority])
}

# Then everybody has it, and nobody comes first.
_adjusted(res) := result.with_severity(res, "high") if input.raw.globalDefault == true

_adjusted(res) := res if not input.raw.globalDefault == true
