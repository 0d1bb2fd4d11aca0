# METADATA
# title: Service account token is mounted without need
# description: >-
#   Every container of the pod finds a token for the Kubernetes API in its file
#   system. Whoever gets into one of them, or reads its files, becomes the service
#   account.
# related_resources:
#   - description: Configure service accounts for pods, opt out of API credential automounting
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-POD-024
#   severity: medium
#   category: credentials
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Turn the token off on the pod, or on its service account.
#     Kubernetes: automountServiceAccountToken: false
#     Terraform: automount_service_account_token = false
#   on: [workload]
#   scope: stack
#   reads: [automount_token, service_account]
#   controls:
#     cis-eks: ["4.1.6"]
#     nsa: [authentication]
#     eks-bpg: [iam, pod-security]
#   aliases: [C-0034, C-0190, C-0261, CKV_K8S_38, disable_service_account_token_mounts]
package plimsoll.rules.pod.token_automount

import data.plimsoll.lib.accounts
import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_subject(workload) := sprintf("%s %q", [workload.attr.kind, workload.name])

# The service account's word counts only when the pod says nothing.
_says_pod(workload) if is_boolean(workload.attr.pod.automountServiceAccountToken)

# Why it is not known whether the token is mounted; undefined when it is known.
_doubt(workload) := known.reason(workload, "automount_token")

_doubt(workload) := min(reasons) if {
	not known.reason(workload, "automount_token")
	not _says_pod(workload)
	reasons := {reason |
		some [document, path] in array.concat([[workload, "service_account"]], [[account, "automount"] | some account in accounts.of(workload)])
		reason := known.reason(document, path)
	}
}

_mounts(workload) if workload.attr.pod.automountServiceAccountToken == true

_mounts(workload) if {
	not _says_pod(workload)
	every account in accounts.of(workload) {
		account.attr.automount == true
	}
}

deny contains result.as_unknown(result.on(workload, "automount_token", message), reason) if {
	some workload in stack.documents("workload")
	reason := _doubt(workload)
	message := sprintf("whether %s mounts a service account token is not known", [_subject(workload)])
}

deny contains _judged(workload, accounts.bindings_of(workload)) if {
	some workload in stack.documents("workload")
	not _doubt(workload)
	_mounts(workload)
}

_judged(workload, bindings) := result.on(workload, "automount_token", message) if {
	count(bindings) == 0
	message := sprintf("%s mounts the token of service account %s, which no binding here gives any rights", [_subject(workload), accounts.name(workload)])
}

_judged(workload, bindings) := result.with_related(result.with_severity(found, "info"), places) if {
	count(bindings) > 0
	message := sprintf("%s mounts the token of service account %s, which has rights", [_subject(workload), accounts.name(workload)])
	found := result.on(workload, "automount_token", message)
	places := [result.place(binding, "subjects", "the account has rights by this binding") | some binding in bindings]
}
