# METADATA
# title: Container has no resource requests
# description: >-
#   Without requests the scheduler puts the pod anywhere, onto full nodes too, and the
#   kubelet evicts it first when room is short.
# related_resources:
#   - description: Resource management for pods and containers
#     ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#   - description: EKS best practices, data plane
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html
# custom:
#   id: PLM-POD-027
#   severity: low
#   category: resources
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Request what the container uses.
#     Kubernetes: resources: {requests: {cpu: 100m, memory: 256Mi}}
#     Terraform: resources { requests = { cpu = "100m", memory = "256Mi" } }
#   on: [workload]
#   scope: stack
#   needs:
#     - containers[*].resources.requests
#     - containers[*].resources.limits
#     - pod.resources
#   parameters:
#     - name: require_cpu_limit
#       type: bool
#       default: false
#       description: Whether a CPU limit is wanted as well.
#   controls:
#     eks-bpg: [pod-security, data-plane]
#   aliases: [CKV_K8S_10, CKV_K8S_11, CKV_K8S_12, C-0268, C-0269, C-0270]
package plimsoll.rules.pod.resource_requests

import data.plimsoll.lib.limits
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.pod.resource_requests

_settled(workload, res) := result.as_unknown(res, limits.doubt(workload))

_settled(workload, res) := res if not limits.doubt(workload)

_missing(workload, container) := [resource |
	some resource in ["cpu", "memory"]
	limits.lacks(workload, container, "requests", resource)
]

_path(i, missing) := sprintf("containers[%d].resources.requests.%s", [i, missing[0]]) if count(missing) == 1

_path(i, missing) := sprintf("containers[%d].resources.requests", [i]) if count(missing) > 1

deny contains _settled(workload, result.on(workload, _path(i, missing), message)) if {
	some workload in stack.documents("workload")
	some i, container in workload.attr.containers
	missing := _missing(workload, container)
	message := sprintf("%s of %s requests no %s", [pods.label(container, i), pods.named(workload), concat(" and no ", missing)])
}

deny contains _settled(workload, result.on(workload, path, message)) if {
	_params.require_cpu_limit
	some workload in stack.documents("workload")
	some i, container in workload.attr.containers
	limits.lacks(workload, container, "limits", "cpu")
	path := sprintf("containers[%d].resources.limits.cpu", [i])
	message := sprintf("%s of %s has no CPU limit", [pods.label(container, i), pods.named(workload)])
}

deny contains result.as_unknown(result.on(workload, "containers", message), reason) if {
	some workload in stack.documents("workload")
	reason := pods.hidden(workload)
	message := sprintf("what the containers of %s request is not known", [pods.named(workload)])
}
