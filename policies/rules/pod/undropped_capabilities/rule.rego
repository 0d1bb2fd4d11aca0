# METADATA
# title: Capabilities are not dropped
# description: >-
#   Unless it drops them, a container has the runtime's default capabilities, among
#   them NET_RAW, SETUID and MKNOD: enough to forge packets and to change users.
#   Hardly any program needs one of them.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: Set capabilities for a container
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container
# custom:
#   id: PLM-POD-005
#   severity: medium
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Drop all capabilities and add back the one that is needed.
#     Kubernetes: securityContext: {capabilities: {drop: [ALL]}}
#     Terraform:
#       security_context {
#         capabilities { drop = ["ALL"] }
#       }
#   on: [workload]
#   needs: [os, pod.os.name, "containers[*].securityContext.capabilities.drop"]
#   controls:
#     cis-eks: ["4.2.8"]
#     pss: [restricted/capabilities_restricted]
#     nsa: [pod-security]
#   aliases: [CKV_K8S_37, C-0055, KSV-0106]
package plimsoll.rules.pod.undropped_capabilities

import data.plimsoll.lib.capabilities
import data.plimsoll.lib.pods
import data.plimsoll.lib.restricted
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.system

_drops_all(i) if {
	some name in input.attr.containers[i].securityContext.capabilities.drop
	capabilities.normal(name) == "ALL"
}

deny contains system.judge_container("PLM-POD-005", pods.name(container), container, res) if {
	not run.pss_level
	not pods.is_windows
	some i, container in input.attr.containers
	not _drops_all(i)
	res := result.at(
		sprintf("containers[%d].securityContext.capabilities.drop", [i]),
		sprintf("%s of %s does not drop ALL capabilities", [pods.label(container, i), pods.subject]),
	)
}

deny contains result.at(violation.path, violation.message) if {
	run.pss_level == "restricted"
	some violation in restricted.violations.capabilities_restricted
	violation.part == "drop"
}
