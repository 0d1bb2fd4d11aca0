# METADATA
# title: Container may run as root
# description: >-
#   Nothing keeps the image from running as user 0. Root in a container is root on
#   the node as soon as anything in between gives way.
# related_resources:
#   - description: Configure a security context for a pod or container
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-003
#   severity: medium
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Let the pod run as a user of its own, with an ID of 10000 or more, and refuse root.
#     Kubernetes: securityContext: {runAsNonRoot: true, runAsUser: 10001}
#     Terraform:
#       security_context {
#         run_as_non_root = true
#         run_as_user     = "10001"
#       }
#   on: [workload]
#   needs: ["containers[*].effective.run_as_non_root", "containers[*].effective.run_as_user", pod.hostUsers]
#   reads: [pod.securityContext.runAsNonRoot]
#   parameters:
#     - name: pss_version
#       type: string
#       default: latest
#       description: The Kubernetes version whose Pod Security Standards apply, such as "1.34"; "latest" is that of the run.
#     - name: min_uid
#       type: int
#       default: 1
#       description: Smallest user ID that does not count as root.
#   controls:
#     cis-eks: ["4.2.6"]
#     pss: [restricted/runAsNonRoot]
#     nsa: [pod-security]
#     eks-bpg: [pod-security]
#   aliases: [C-0013, CKV_K8S_23, KSV-0012]
package plimsoll.rules.pod.may_run_as_root

import data.plimsoll.lib.pods
import data.plimsoll.lib.restricted
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.may_run_as_root

_has_user(i) if is_number(input.attr.containers[i].effective.run_as_user)

deny contains result.at(sprintf("containers[%d].effective.run_as_non_root", [i]), message) if {
	not run.pss_level
	not pods.has_user_namespace(_params.pss_version)
	some i, container in input.attr.containers
	not input.attr.containers[i].effective.run_as_non_root == true
	not _has_user(i)
	message := sprintf("%s of %s may run as root", [pods.label(container, i), pods.subject])
}

# User 0 itself is reported by pod/root_user.
deny contains result.at(sprintf("containers[%d].effective.run_as_user", [i]), message) if {
	not run.pss_level
	not pods.has_user_namespace(_params.pss_version)
	some i, container in input.attr.containers
	user := input.attr.containers[i].effective.run_as_user
	user > 0
	user < _params.min_uid
	message := sprintf("%s of %s runs as user %d, below %d", [pods.label(container, i), pods.subject, user, _params.min_uid])
}

deny contains system.judge("PLM-POD-003", violation) if {
	run.pss_level == "restricted"
	some violation in restricted.violations.runAsNonRoot
}
