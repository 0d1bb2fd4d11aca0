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
	some role in stack.documents("iam_role")
	some found in iam.web_identity(role.attr.trust)
	some subject in iam.subjects(found.statement)
	[_, _, namespace, name] := split(subject.value, ":")
	not iam.matches_any(_params.ignore_subjects, subject.value)
	not regex.match(`[*?$]`, namespace)
	not contains(name, "${")
	_in_scope(namespace)
	not _declared(namespace, name)
	message := sprintf("role %q trusts service account %s/%s, which no manifest declares", [role.name, namespace, name])
	res := result.on(role, sprintf("trust.statements[%d]", [found.index]), message)
}

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
