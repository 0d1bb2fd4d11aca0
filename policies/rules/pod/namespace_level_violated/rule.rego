# METADATA
# title: Pod violates the Pod Security level of its namespace
# description: >-
#   The API server takes the Deployment and refuses its pods: the roll-out hangs, and
#   the level is lowered in a hurry. Where the namespace only warns or audits, the pods
#   run, and block the day when the level is enforced.
# related_resources:
#   - description: Pod Security Admission
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-047
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Mend the pod, or move it to a namespace for agents that need more.
#     Kubernetes: securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
#     Terraform:
#       security_context {
#         run_as_non_root = true
#         seccomp_profile { type = "RuntimeDefault" }
#       }
#   on: [workload]
#   scope: stack
#   reads: [annotations, host_network, host_pid, host_ipc, pod, containers]
#   controls:
#     eks-bpg: [pod-security]
package plimsoll.rules.pod.namespace_level_violated

import data.plimsoll.lib.known
import data.plimsoll.lib.paths
import data.plimsoll.lib.pods
import data.plimsoll.lib.psa
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.stack

_verbs := {"enforce": "enforces", "warn": "warns of", "audit": "audits"}

_adjusted(res, mode) := res if mode == "enforce"

_adjusted(res, mode) := result.with_severity(res, "info") if mode != "enforce"

deny contains _adjusted(result.with_related(result.on(workload, path, message), places), mode) if {
	some workload in stack.documents("workload")
	some namespace in stack.linked("namespace_of", workload.id)
	some [mode, level, version] in psa.asked(namespace)
	certain := psa.certain(workload, psa.violations(workload, level, version))
	[path, _, _] := min(certain)
	checks := concat(", ", sort({check | some [_, check, _] in certain}))
	message := sprintf("%s violates the level %s that namespace %q %s: %s", [pods.named(workload), level, namespace.name, _verbs[mode], checks])
	places := array.concat(
		[result.place(namespace, paths.key("labels", psa.label(mode)), "the level is set here")],
		[result.place(workload, other, why) | some [other, _, why] in certain; other != path],
	)
}

deny contains _adjusted(result.as_unknown(result.on(workload, path, message), reason), mode) if {
	some workload in stack.documents("workload")
	some namespace in stack.linked("namespace_of", workload.id)
	some [mode, level, version] in psa.asked(namespace)
	count(psa.certain(workload, psa.violations(workload, level, version))) == 0
	[path, reason] := psa.doubt(workload)
	message := sprintf("whether %s is within the level %s of namespace %q is not known", [pods.named(workload), level, namespace.name])
}

deny contains result.as_unknown(result.on(workload, "metadata.namespace", message), reason) if {
	some workload in stack.documents("workload")
	some namespace in stack.linked("namespace_of", workload.id)
	reason := known.reason(namespace, paths.key("labels", psa.label("enforce")))
	count(psa.violations(workload, "restricted", run.kube_version)) > 0
	message := sprintf("the Pod Security level of namespace %q is not known", [namespace.name])
}
