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
#   remediation: "Set automountServiceAccountToken: false on the pod, or on its service account."
#   on: [workload]
#   scope: stack
#   reads: [automount_token, service_account]
#   controls:
#     cis-eks: ["4.1.6"]
#     nsa: [authentication]
#     eks-bpg: [iam, pod-security]
#   aliases: [C-0034, C-0190, C-0261, CKV_K8S_38, disable_service_account_token_mounts]
package plimsoll.rules.pod.token_automount

import data.plimsoll.lib.known
import data.plimsoll.lib.result

_subject(workload) := sprintf("%s %q", [workload.attr.kind, workload.name])

# Whether the pod itself says so: the service account's word counts only when it
# does not.
_says_pod(workload) if is_boolean(workload.attr.pod.automountServiceAccountToken)

_accounts(id) := [input.stack.documents[edge.to] |
	some edge in object.get(input.stack.links, ["sa_of", id], [])
]

# Why it is not known whether the token is mounted; undefined when it is known.
_open(_, workload) := known.reason(workload, "automount_token")

_open(id, workload) := reason if {
	not known.reason(workload, "automount_token")
	not _says_pod(workload)
	reason := min(_doubts(id, workload))
}

_doubts(_, workload) := {known.reason(workload, "service_account")}

_doubts(id, workload) := {known.reason(account, "automount") | some account in _accounts(id)} if {
	not known.reason(workload, "service_account")
}

_mounts(_, workload) if workload.attr.pod.automountServiceAccountToken == true

_mounts(id, workload) if {
	not _says_pod(workload)
	every account in _accounts(id) {
		account.attr.automount == true
	}
}

# The bindings that name a workload's account: through its document, or by name
# where the set does not hold it.
_bindings(id, _) := [binding |
	some account in _accounts(id)
	some edge in object.get(input.stack.links, ["bindings_of", account.id], [])
	binding := input.stack.documents[edge.to]
	some subject in binding.attr.subjects
	subject.kind == "ServiceAccount"
	subject.name == account.name
] if {
	count(_accounts(id)) > 0
}

_bindings(id, workload) := object.get(_by_name, [[workload.namespace, workload.attr.service_account]], []) if {
	count(_accounts(id)) == 0
}

_by_name[key] contains input.stack.documents[id] if {
	some id in input.stack.by_type.rbac_binding
	binding := input.stack.documents[id]
	some subject in binding.attr.subjects
	subject.kind == "ServiceAccount"
	key := [object.get(subject, "namespace", binding.namespace), subject.name]
}

_related(bindings) := [result.place(binding, "subjects", "the account has rights by this binding") | some binding in bindings]

deny contains result.as_unknown(result.on(workload, "automount_token", message), reason) if {
	some id in input.stack.by_type.workload
	workload := input.stack.documents[id]
	reason := _open(id, workload)
	message := sprintf("whether %s mounts a service account token is not known", [_subject(workload)])
}

deny contains result.on(workload, "automount_token", message) if {
	some id in input.stack.by_type.workload
	workload := input.stack.documents[id]
	not _open(id, workload)
	_mounts(id, workload)
	count(_bindings(id, workload)) == 0
	message := sprintf("%s mounts the token of service account %q, which no binding here gives any rights", [_subject(workload), workload.attr.service_account])
}

deny contains result.with_related(result.with_severity(found, "info"), _related(bindings)) if {
	some id in input.stack.by_type.workload
	workload := input.stack.documents[id]
	not _open(id, workload)
	_mounts(id, workload)
	bindings := _bindings(id, workload)
	count(bindings) > 0
	message := sprintf("%s mounts the token of service account %q, which has rights", [_subject(workload), workload.attr.service_account])
	found := result.on(workload, "automount_token", message)
}
