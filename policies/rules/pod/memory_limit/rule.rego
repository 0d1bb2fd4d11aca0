# METADATA
# title: Container has no memory limit
# description: >-
#   A leak or an attack takes the memory of the whole node, and the kernel kills
#   whatever it finds, neighbors included.
# related_resources:
#   - description: Resource management for pods and containers
#     ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#   - description: EKS best practices, data plane
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html
# custom:
#   id: PLM-POD-026
#   severity: medium
#   category: resources
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Set a limit, equal to the request.
#     Kubernetes: resources: {requests: {memory: 256Mi}, limits: {memory: 256Mi}}
#     Terraform: resources { limits = { memory = "256Mi" } }
#   on: [workload]
#   scope: stack
#   needs: ["containers[*].resources.limits.memory", pod.resources]
#   controls:
#     eks-bpg: [pod-security, data-plane]
#   aliases: [CKV_K8S_13, C-0271, KSV-0018, set_requests_limits_for_containers]
package plimsoll.rules.pod.memory_limit

import data.plimsoll.lib.limits
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_settled(workload, res) := result.as_unknown(res, limits.doubt(workload))

_settled(workload, res) := res if not limits.doubt(workload)

deny contains _settled(workload, result.on(workload, path, message)) if {
	some workload in stack.documents("workload")
	some i, container in workload.attr.containers
	limits.lacks(workload, container, "limits", "memory")
	path := sprintf("containers[%d].resources.limits.memory", [i])
	message := sprintf("%s of %s has no memory limit", [pods.label(container, i), pods.named(workload)])
}

deny contains result.as_unknown(result.on(workload, "containers", message), reason) if {
	some workload in stack.documents("workload")
	reason := pods.hidden(workload)
	message := sprintf("whether the containers of %s have a memory limit is not known", [pods.named(workload)])
}
