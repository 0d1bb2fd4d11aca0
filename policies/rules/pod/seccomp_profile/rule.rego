# METADATA
# title: Seccomp profile is not set
# description: >-
#   Unless the kubelet has a default of its own, the container may use every system
#   call of the kernel, those with a history of escapes included.
# related_resources:
#   - description: Restrict a container's syscalls with seccomp
#     ref: https://kubernetes.io/docs/tutorials/security/seccomp/
#   - description: EKS best practices, runtime security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/runtime-security.html
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-016
#   severity: medium
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: "Set seccompProfile.type: RuntimeDefault in the security context of the pod."
#   on: [workload]
#   needs: [os, "containers[*].effective.seccomp_type"]
#   parameters:
#     - name: pss_version
#       type: string
#       default: latest
#       description: >-
#         The Kubernetes version of the cluster, such as "1.26"; the seccomp annotations count before
#         1.27 only.
#   controls:
#     pss: [restricted/seccompProfile_restricted]
#     nsa: [pod-security]
#     eks-bpg: [runtime-security]
#   aliases: [C-0210, CKV_K8S_31, KSV-0030]
package plimsoll.rules.pod.seccomp_profile

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.versions

_params := data.plimsoll.params.pod.seccomp_profile

_has_profile(i) if {
	input.attr.containers[i].effective.seccomp_type
	not input.attr.containers[i].effective.seccomp_legacy
}

_has_profile(i) if {
	input.attr.containers[i].effective.seccomp_type
	not versions.at_least(_params.pss_version, "1.27")
}

deny contains result.at(sprintf("containers[%d].effective.seccomp_type", [i]), message) if {
	not pods.is_windows
	some i, container in input.attr.containers
	not _has_profile(i)
	message := sprintf("%s of %s has no seccomp profile", [pods.label(container, i), pods.subject])
}
