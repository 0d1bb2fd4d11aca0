# METADATA
# title: Privilege escalation is not disabled
# description: >-
#   A process in the container may gain more rights than its parent, by a setuid
#   binary for one. Kubernetes allows that unless the container says otherwise.
# related_resources:
#   - description: Configure a security context for a pod or container
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-002
#   severity: medium
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Set allowPrivilegeEscalation to false on the container.
#     Kubernetes: securityContext: {allowPrivilegeEscalation: false}
#     Terraform: security_context { allow_privilege_escalation = false }
#   on: [workload]
#   needs: [os, pod.os.name, "containers[*].effective.allow_privilege_escalation"]
#   reads: ["containers[*].effective.privileged", "containers[*].securityContext.capabilities.add"]
#   controls:
#     cis-eks: ["4.2.5"]
#     pss: [restricted/allowPrivilegeEscalation]
#     nsa: [pod-security]
#   aliases: [C-0016, CKV_K8S_20, disallow_privilege_escalation]
package plimsoll.rules.pod.privilege_escalation

import data.plimsoll.lib.capabilities
import data.plimsoll.lib.pods
import data.plimsoll.lib.restricted
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.system

_message(container, i) := sprintf("%s of %s may gain privileges", [pods.label(container, i), pods.subject])

deny contains system.judge_container("PLM-POD-002", pods.name(container), container, res) if {
	not run.pss_level
	not pods.is_windows
	some i, container in input.attr.containers
	not input.attr.containers[i].effective.allow_privilege_escalation == false
	res := result.at(sprintf("containers[%d].effective.allow_privilege_escalation", [i]), _message(container, i))
}

# These imply it, and the API server refuses a false beside them.
deny contains system.judge_container("PLM-POD-002", pods.name(container), container, res) if {
	not run.pss_level
	not pods.is_windows
	some i, container in input.attr.containers
	input.attr.containers[i].effective.allow_privilege_escalation == false
	why := _implied(i)
	res := result.at(
		sprintf("containers[%d].effective.allow_privilege_escalation", [i]),
		sprintf("%s whatever allowPrivilegeEscalation says, by %s", [_message(container, i), why]),
	)
}

deny contains system.judge("PLM-POD-002", violation) if {
	run.pss_level == "restricted"
	some violation in restricted.violations.allowPrivilegeEscalation
}

_implied(i) := "being privileged" if {
	input.attr.containers[i].effective.privileged == true
} else := "CAP_SYS_ADMIN" if {
	some name in input.attr.containers[i].securityContext.capabilities.add
	capabilities.normal(name) == "SYS_ADMIN"
}
