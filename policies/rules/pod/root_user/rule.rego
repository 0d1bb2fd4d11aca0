# METADATA
# title: Container explicitly runs as root
# description: >-
#   The security context asks for user 0, or for group 0. That is a decision and not
#   an omission, and it overrides whatever user the image would have run as.
# related_resources:
#   - description: Configure a security context for a pod or container
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-004
#   severity: high
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Use user and group IDs other than 0, better 10000 or more.
#     Kubernetes: securityContext: {runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001}
#     Terraform:
#       security_context {
#         run_as_user  = "10001"
#         run_as_group = "10001"
#         fs_group     = "10001"
#       }
#   on: [workload]
#   needs: [pod.hostUsers]
#   reads:
#     - containers[*].effective.run_as_user
#     - containers[*].effective.run_as_group
#     - containers[*].securityContext.runAsUser
#     - pod.securityContext.runAsUser
#     - pod.securityContext.fsGroup
#     - pod.securityContext.supplementalGroups
#   controls:
#     pss: [restricted/runAsUser]
#   aliases: [KSV-0105]
package plimsoll.rules.pod.root_user

import data.plimsoll.lib.pods
import data.plimsoll.lib.restricted
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.system

# User and group IDs of containers, with the severity of 0. A value that comes
# from the pod is reported where it is written, once for all who inherit it.
_ids := [
	{"field": "runAsUser", "effective": "run_as_user", "what": "user", "severity": "high"},
	{"field": "runAsGroup", "effective": "run_as_group", "what": "group", "severity": "low"},
]

_rooted := {[id, i] |
	some id in _ids
	some i, container in input.attr.containers
	container.effective[id.effective] == 0
}

_is_own(id, i) if input.attr.containers[i].securityContext[id.field] == 0

_judged if {
	not run.pss_level
	not pods.has_user_namespace("latest")
}

deny contains system.judge_container("PLM-POD-004", id.field, container, res) if {
	_judged
	some [id, i] in _rooted
	_is_own(id, i)
	container := input.attr.containers[i]
	message := sprintf("%s of %s runs as %s 0", [pods.label(container, i), pods.subject, id.what])
	res := result.with_severity(result.at(sprintf("containers[%d].effective.%s", [i, id.effective]), message), id.severity)
}

deny contains system.judge_pod("PLM-POD-004", id.field, res) if {
	_judged
	some id in _ids
	heirs := [i | some [one, i] in _rooted; one == id; not _is_own(id, i)]
	message := sprintf("%s runs its containers as %s 0", [pods.subject, id.what])
	res := result.with_severity(result.at(sprintf("containers[%d].effective.%s", [min(heirs), id.effective]), message), id.severity)
}

deny contains system.judge_pod("PLM-POD-004", "fsGroup", result.with_severity(res, "low")) if {
	_judged
	input.attr.pod.securityContext.fsGroup == 0
	res := result.at("pod.securityContext.fsGroup", sprintf("%s gives its volumes to group 0", [pods.subject]))
}

deny contains system.judge_pod("PLM-POD-004", "supplementalGroups", result.with_severity(res, "low")) if {
	_judged
	some i, group in pods.list(input.attr.pod.securityContext.supplementalGroups)
	group == 0
	res := result.at(
		sprintf("pod.securityContext.supplementalGroups[%d]", [i]),
		sprintf("%s puts its containers into group 0", [pods.subject]),
	)
}

deny contains system.judge("PLM-POD-004", violation) if {
	run.pss_level == "restricted"
	some violation in restricted.violations.runAsUser
}
