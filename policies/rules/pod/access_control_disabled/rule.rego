# METADATA
# title: AppArmor is off or the SELinux context is changed
# description: >-
#   Mandatory access control confines a container on Bottlerocket, Amazon Linux 2023
#   and Ubuntu whatever its user may do. An unconfined AppArmor profile turns it off;
#   an SELinux type, user or role of one's own may grant what the default denies.
# related_resources:
#   - description: Restrict a container's access to resources with AppArmor
#     ref: https://kubernetes.io/docs/tutorials/security/apparmor/
#   - description: Assign SELinux labels to a container
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-018
#   severity: medium
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the override; the runtime's own profile and label apply then.
#     Kubernetes: securityContext: {appArmorProfile: {type: RuntimeDefault}, seLinuxOptions: {type: container_t}}
#     Terraform:
#       security_context {
#         se_linux_options { type = "container_t" }
#       }
#   on: [workload]
#   reads:
#     - pod.securityContext.appArmorProfile.type
#     - pod.securityContext.seLinuxOptions
#     - containers[*].securityContext.appArmorProfile.type
#     - containers[*].securityContext.seLinuxOptions
#     - annotations
#   controls:
#     pss: [baseline/appArmorProfile, baseline/seLinuxOptions]
#   aliases: [KSV-0002, KSV-0025]
package plimsoll.rules.pod.access_control_disabled

import data.plimsoll.lib.baseline
import data.plimsoll.lib.system

deny contains system.judge("PLM-POD-018", violation) if some violation in baseline.violations.appArmorProfile

deny contains system.judge("PLM-POD-018", violation) if some violation in baseline.violations.seLinuxOptions
