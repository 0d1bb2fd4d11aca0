# METADATA
# title: Role trusts a service account nobody declares
# description: >-
#   Whoever may create a service account of that name inherits the role's rights. The
#   manifests of the namespace are here, and the account is not among them.
# related_resources:
#   - description: IAM roles for service accounts
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-IAM-017
#   severity: medium
#   category: workload-identity
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   on: [iam_role]
#   remediation: Create the service account together with its workload, or remove it from the role's trust.
#   parameters:
#     - name: ignore_subjects
#       type: list(string)
#       default: []
#       description: Subjects (patterns like system:serviceaccount:kube-system:*) of accounts that are created elsewhere.
#   controls:
#     eks-bpg: [iam]
package plimsoll.rules.iam.irsa_unclaimed

import data.plimsoll.lib.iam
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.iam.irsa_unclaimed

deny contains res if {
	some trusted in _trusted
	not contains(trusted.subject, "${")
	_in_scope(trusted.namespace)
	not _declared(trusted.namespace, trusted.name)
	not _may_be_declared(trusted.namespace, trusted.name)
	message := sprintf(
		"role %q trusts service account %s/%s, which no manifest declares",
		[trusted.role.name, trusted.namespace, trusted.name],
	)
	res := result.on(trusted.role, sprintf("trust.statements[%d]", [trusted.index]), message)
}

# An account here has a name that is not known yet: it may be the trusted one.
deny contains res if {
	some trusted in _trusted
	not contains(trusted.subject, "${")
	_in_scope(trusted.namespace)
	not _declared(trusted.namespace, trusted.name)
	_may_be_declared(trusted.namespace, trusted.name)
	message := sprintf("whether service account %s/%s, which role %q trusts, is declared is not known before deployment", [
		trusted.namespace,
		trusted.name,
		trusted.role.name,
	])
	place := result.on(trusted.role, sprintf("trust.statements[%d]", [trusted.index]), message)
	res := result.as_unknown(place, "a service account's name is not known yet")
}

# The trusted subject itself is not all known yet.
deny contains res if {
	some trusted in _trusted
	contains(trusted.subject, "${")
	some namespace, _ in input.stack.facts.namespaces
	_in_scope(namespace)
	iam.matches(trusted.namespace, namespace)
	not _declared(trusted.namespace, trusted.name)
	message := sprintf("which service account role %q trusts is not known before deployment", [trusted.role.name])
	place := result.on(trusted.role, sprintf("trust.statements[%d]", [trusted.index]), message)
	res := result.as_unknown(place, "a part of the trusted subject is not known yet")
}

_trusted contains object.union(_account(subject.value), {"role": role, "index": found.index}) if {
	some role in stack.documents("iam_role")
	some found in iam.web_identity(role.attr.trust)
	some subject in iam.subjects(found.statement)
	not iam.matches_any(_params.ignore_subjects, subject.value)
	not regex.match(`^[^:]*:[^:]*:[^:]*[*?]`, subject.value)
}

# The account that a subject names; a namespace with a hole becomes a pattern.
_account(subject) := {"subject": subject, "namespace": regex.replace(parts[2], _hole, "*"), "name": parts[3]} if {
	parts := split(subject, ":")
	count(parts) == 4
} else := {"subject": subject, "namespace": "*", "name": subject} if {
	contains(subject, "${")
}

_hole := `\$\{[^}]*\}`

# The namespace's own manifests are in the stack: without them nothing can be
# said of what is missing there.
_in_scope(namespace) if {
	facts := stack.fact("namespaces", namespace, {"workloads": [], "document": null})
	facts.document != null
}

_in_scope(namespace) if {
	count(stack.fact("namespaces", namespace, {"workloads": []}).workloads) > 0
}

# Every namespace has an account named default.
_declared(_, name) if name == "default"

_declared(namespace, name) if {
	some account in stack.documents("service_account")
	account.namespace == namespace
	iam.matches(name, account.name)
}

_may_be_declared(namespace, name) if {
	some account in stack.documents("service_account")
	full := sprintf("%s:%s", [account.namespace, account.name])
	contains(full, "${")
	iam.matches(regex.replace(full, _hole, "*"), sprintf("%s:%s", [namespace, name]))
}

_may_be_declared(namespace, _) if {
	some account in stack.documents("service_account")
	account.namespace in {namespace, ""}
	account.name == ""
}
