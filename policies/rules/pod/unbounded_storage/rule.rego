# METADATA
# title: Scratch space has no limit
# description: >-
#   An emptyDir in memory takes up to half of the node's memory, one on disk all of its
#   disk; then the kubelet evicts pods that have nothing to do with it.
# related_resources:
#   - description: Volumes, emptyDir
#     ref: https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
#   - description: EKS best practices, data plane
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html
# custom:
#   id: PLM-POD-028
#   severity: low
#   category: resources
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Give the volume a size limit, and the containers a limit of ephemeral storage.
#     Kubernetes: emptyDir: {medium: Memory, sizeLimit: 64Mi}
#     Terraform:
#       empty_dir {
#         medium     = "Memory"
#         size_limit = "64Mi"
#       }
#   on: [workload]
#   needs:
#     - pod.volumes[*].emptyDir.sizeLimit
#     - containers[*].resources.limits["ephemeral-storage"]
#   reads: ["pod.volumes[*].emptyDir.medium"]
#   parameters:
#     - name: require_ephemeral_storage_limit
#       type: bool
#       default: false
#       description: Whether containers want a limit of ephemeral storage, too.
#   controls:
#     eks-bpg: [data-plane]
package plimsoll.rules.pod.unbounded_storage

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_params := data.plimsoll.params.pod.unbounded_storage

_is_amount(value) if not value in {"", "0", 0, null}

_is_bounded(i) if _is_amount(input.attr.pod.volumes[i].emptyDir.sizeLimit)

deny contains result.at(sprintf("pod.volumes[%d].emptyDir.sizeLimit", [i]), message) if {
	some i, volume in pods.list(input.attr.pod.volumes)
	input.attr.pod.volumes[i].emptyDir.medium == "Memory"
	not _is_bounded(i)
	message := sprintf("volume %q of %s keeps files in memory without a limit", [pods.name(volume), pods.subject])
}

_has_limit(i) if _is_amount(input.attr.containers[i].resources.limits["ephemeral-storage"])

deny contains result.at(sprintf(`containers[%d].resources.limits["ephemeral-storage"]`, [i]), message) if {
	_params.require_ephemeral_storage_limit
	some i, container in input.attr.containers
	not container.class == "ephemeral"
	not _has_limit(i)
	message := sprintf("%s of %s has no limit of ephemeral storage", [pods.label(container, i), pods.subject])
}
