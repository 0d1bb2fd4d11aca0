# METADATA
# title: Service account and role trust do not match
# description: >-
#   The service account names a role whose trust does not admit it. Its pods fall back to the
#   node's role, and the trust stays open for another identity.
# related_resources:
#   - description: IAM roles for service accounts
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-IAM-016
#   severity: medium
#   category: workload-identity
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   on: [service_account]
#   remediation: >-
#     Make the role's trust name "system:serviceaccount:<namespace>:<name>" of this service account,
#     or correct the annotation eks.amazonaws.com/role-arn.
#   controls:
#     eks-bpg: [iam]
package plimsoll.rules.iam.irsa_trust_mismatch

import data.plimsoll.lib.iam
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains res if {
	some pair in _mismatched
	not _open_question(pair.role, pair.account)
	message := sprintf(
		"service account %s/%s names role %q, whose trust does not admit it",
		[pair.account.namespace, pair.account.name, pair.role.name],
	)
	res := result.with_related(
		result.on(pair.account, "role_arn", message),
		[result.place(pair.role, "trust", sprintf("the trust of role %q", [pair.role.name]))],
	)
}

deny contains res if {
	some pair in _mismatched
	_open_question(pair.role, pair.account)
	message := sprintf("whether role %q admits this service account is not known before deployment", [pair.role.name])
	res := result.as_unknown(result.on(pair.account, "role_arn", message), "the role's trust is not known yet")
}

# Accounts that name a role of the stack which does not let them in. A role used
# through EKS Pod Identity needs no web identity in its trust.
_mismatched contains {"account": account, "role": role} if {
	some account in stack.documents("service_account")
	account.attr.role_arn != ""
	some role in stack.linked("role_of", account.id)
	not _admitted(role, account)
}

_admitted(role, account) if {
	some admitted in stack.linked("trusts_sa", role.id)
	admitted.id == account.id
}

_admitted(role, account) if {
	some association in stack.documents("pod_identity_association")
	association.attr.namespace == account.namespace
	association.attr.service_account == account.name
	some used in stack.linked("role_of", association.id)
	used.id == role.id
}

# The trust, or the conditions of one of its statements, is not known.
_open_question(role, _) if {
	some path in object.keys(object.union(role.unknown, role.partial))
	startswith(path, "trust")
	not _named_subjects(role)
}

# A part of a subject is not known, and the account may be who it means.
_open_question(role, account) if {
	some found in iam.web_identity(role.attr.trust)
	some subject in iam.subjects(found.statement)
	pattern := regex.replace(subject.value, `\$\{[^}]*\}`, "*")
	pattern != subject.value
	iam.matches(pattern, sprintf("system:serviceaccount:%s:%s", [account.namespace, account.name]))
}

# The account's own name is not known.
_open_question(_, account) if regex.match(`\$\{`, concat(":", [account.namespace, account.name]))

_named_subjects(role) if {
	every found in iam.web_identity(role.attr.trust) {
		count([1 | some s in iam.subjects(found.statement); not contains(s.value, "${")]) > 0
	}
	count(iam.web_identity(role.attr.trust)) > 0
}
