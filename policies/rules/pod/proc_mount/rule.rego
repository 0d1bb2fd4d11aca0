# METADATA
# title: /proc is not masked
# description: >-
#   The runtime hides parts of /proc and makes others read-only, because they expose
#   the kernel of the node. With another procMount the container sees and may write
#   all of them.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: Configure a security context, manage access to the /proc filesystem
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access
# custom:
#   id: PLM-POD-019
#   severity: high
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove procMount, or give the pod a user namespace if it runs containers of its own. In Terraform only a
#     manifest can hold it.
#     Kubernetes: securityContext: {procMount: Default}
#     Terraform: securityContext = { procMount = "Default" }
#   on: [workload]
#   needs: [pod.hostUsers]
#   reads: ["containers[*].securityContext.procMount"]
#   controls:
#     pss: [baseline/procMount, restricted/procMount_restricted]
#   aliases: [KSV-0027]
package plimsoll.rules.pod.proc_mount

import data.plimsoll.lib.baseline
import data.plimsoll.lib.restricted
import data.plimsoll.lib.run
import data.plimsoll.lib.system

deny contains system.judge("PLM-POD-019", violation) if some violation in baseline.violations.procMount

deny contains system.judge("PLM-POD-019", violation) if {
	run.pss_level == "restricted"
	some violation in restricted.violations.procMount_restricted
}
