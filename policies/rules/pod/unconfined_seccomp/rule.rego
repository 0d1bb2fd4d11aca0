# METADATA
# title: Seccomp is turned off
# description: >-
#   The profile Unconfined is a stated opt-out: the container may use every system
#   call of the kernel, whatever the nodes set as their default.
# related_resources:
#   - description: Restrict a container's syscalls with seccomp
#     ref: https://kubernetes.io/docs/tutorials/security/seccomp/
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-017
#   severity: high
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Use the profile of the container runtime, or one of your own that allows what is needed.
#     Kubernetes: securityContext: {seccompProfile: {type: RuntimeDefault}}
#     Terraform:
#       security_context {
#         seccomp_profile { type = "RuntimeDefault" }
#       }
#   on: [workload]
#   needs: [pod.os.name]
#   reads:
#     - pod.securityContext.seccompProfile.type
#     - containers[*].securityContext.seccompProfile.type
#     - annotations
#   controls:
#     pss: [baseline/seccompProfile_baseline, restricted/seccompProfile_restricted]
#   aliases: [KSV-0104]
package plimsoll.rules.pod.unconfined_seccomp

import data.plimsoll.lib.baseline
import data.plimsoll.lib.restricted
import data.plimsoll.lib.run
import data.plimsoll.lib.system

deny contains system.judge("PLM-POD-017", violation) if {
	not run.pss_level
	some violation in baseline.unconfined
	violation.value == "Unconfined"
}

# Kubernetes reads the annotations up to 1.26.
deny contains system.judge("PLM-POD-017", violation) if {
	not run.pss_level
	not run.is_since([1, 27])
	some violation in baseline.unconfined_annotations
}

deny contains system.judge("PLM-POD-017", violation) if {
	run.pss_level
	some violation in baseline.violations.seccompProfile_baseline
}

deny contains system.judge("PLM-POD-017", violation) if {
	run.pss_level == "restricted"
	some violation in restricted.violations.seccompProfile_restricted
	violation.part == "type"
}
