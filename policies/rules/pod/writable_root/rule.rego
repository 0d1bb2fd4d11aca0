# METADATA
# title: Root file system is writable
# description: >-
#   A process in the container can change its own programs and leave new ones behind.
#   A read-only root file system makes an intruder's work harder and easier to notice.
# related_resources:
#   - description: Configure a security context for a pod or container
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-015
#   severity: low
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Make the root file system read-only and mount an emptyDir where the program writes.
#     Kubernetes: securityContext: {readOnlyRootFilesystem: true}
#     Terraform: security_context { read_only_root_filesystem = true }
#   on: [workload]
#   needs: [os, "containers[*].effective.read_only_root_filesystem"]
#   controls:
#     nsa: [pod-security]
#     eks-bpg: [pod-security]
#   aliases: [C-0017, CKV_K8S_22, KSV-0014]
package plimsoll.rules.pod.writable_root

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at(sprintf("containers[%d].effective.read_only_root_filesystem", [i]), message) if {
	not pods.is_windows
	some i, container in input.attr.containers
	not input.attr.containers[i].effective.read_only_root_filesystem == true
	message := sprintf("%s of %s has a writable root file system", [pods.label(container, i), pods.subject])
}
