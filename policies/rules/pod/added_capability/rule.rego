# METADATA
# title: Capability beyond the baseline set is added
# description: >-
#   The container gets a Linux capability that the Pod Security Standards' baseline
#   does not allow. Most of them reach further than the name says.
# related_resources:
#   - description: capabilities(7), overview of Linux capabilities
#     ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-006
#   severity: medium
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the capability; drop ALL and add back NET_BIND_SERVICE at most.
#     Kubernetes: securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
#     Terraform:
#       security_context {
#         capabilities {
#           drop = ["ALL"]
#           add  = ["NET_BIND_SERVICE"]
#         }
#       }
#   on: [workload]
#   needs: [pod.os.name]
#   reads: ["containers[*].securityContext.capabilities.add"]
#   parameters:
#     - name: allowed_capabilities
#       type: list(string)
#       default:
#         - AUDIT_WRITE
#         - CHOWN
#         - DAC_OVERRIDE
#         - FOWNER
#         - FSETID
#         - KILL
#         - MKNOD
#         - NET_BIND_SERVICE
#         - SETFCAP
#         - SETGID
#         - SETPCAP
#         - SETUID
#         - SYS_CHROOT
#       description: >-
#         Capabilities that may be added, without CAP_ in front. The profiles pss-baseline and
#         pss-restricted have lists of their own.
#   controls:
#     cis-eks: ["4.2.7"]
#     pss: [baseline/capabilities_baseline, restricted/capabilities_restricted]
#   aliases: [CKV_K8S_25, disallow_linux_capabilities]
package plimsoll.rules.pod.added_capability

import data.plimsoll.lib.capabilities
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.added_capability

deny contains system.judge_container("PLM-POD-006", name, container, res) if {
	not run.pss_level
	some i, container in input.attr.containers
	some j, _ in pods.list(input.attr.containers[i].securityContext.capabilities.add)
	name := capabilities.normal(input.attr.containers[i].securityContext.capabilities.add[j])
	not name in _params.allowed_capabilities
	res := result.at(capabilities.path(i, j), sprintf("%s of %s adds the capability %s", [pods.label(container, i), pods.subject, name]))
}

deny contains system.judge("PLM-POD-006", violation) if {
	run.pss_level
	some violation in capabilities.violations
}
