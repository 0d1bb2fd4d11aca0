# METADATA
# title: Seccomp profile is not set
# description: >-
#   Unless the kubelet has a default of its own, the container may use every system
#   call of the kernel, those with a history of escapes included. Where the node
#   groups of the cluster are known and all of them set seccompDefault, pods need not.
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
#   remediation: |
#     Set the seccomp profile of the pod.
#     Kubernetes: securityContext: {seccompProfile: {type: RuntimeDefault}}
#     Terraform:
#       security_context {
#         seccomp_profile { type = "RuntimeDefault" }
#       }
#   on: [workload]
#   scope: stack
#   needs: [os, "containers[*].effective.seccomp_type"]
#   parameters:
#     - name: pss_version
#       type: string
#       default: latest
#       description: >-
#         The Kubernetes version of the cluster, such as "1.26"; "latest" is that of the run. The
#         seccomp annotations count before 1.27 only.
#   controls:
#     pss: [restricted/seccompProfile_restricted]
#     nsa: [pod-security]
#     eks-bpg: [runtime-security]
#   aliases: [C-0210, CKV_K8S_31, KSV-0030]
package plimsoll.rules.pod.seccomp_profile

import data.plimsoll.lib.kubelets
import data.plimsoll.lib.pods
import data.plimsoll.lib.restricted
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.stack

_params := data.plimsoll.params.pod.seccomp_profile

_has_profile(container) if {
	container.effective.seccomp_type
	not container.effective.seccomp_legacy
}

_has_profile(container) if {
	container.effective.seccomp_type
	not run.counts(_params.pss_version, [1, 27])
}

deny contains _judged(workload, result.on(workload, path, message)) if {
	not run.pss_level
	some workload in stack.documents("workload")
	not workload.attr.os == "windows"
	not kubelets.seccomp_default(workload) == "yes"
	some i, container in workload.attr.containers
	not _has_profile(container)
	path := sprintf("containers[%d].effective.seccomp_type", [i])
	message := sprintf("%s of %s has no seccomp profile", [pods.label(container, i), pods.named(workload)])
}

_judged(workload, res) := result.as_unknown(res, "whether the kubelet sets a default is not known yet") if {
	kubelets.seccomp_default(workload) == "unknown"
} else := res

deny contains result.on(workload, violation.path, violation.message) if {
	run.pss_level == "restricted"
	some workload in stack.documents("workload")
	some violation in restricted.violations.seccompProfile_restricted with input as workload
	violation.part == "missing"
}
