# METADATA
# title: Service accounts of workloads
# description: For stack rules.
package plimsoll.lib.accounts

import data.plimsoll.lib.stack

# name is the service account's name for a message.
name(workload) := object.get(workload.attr, "service_account", "that is not known yet")

# of lists the documents of a workload's service account; none when the stack
# does not hold it.
of(workload) := stack.linked("sa_of", workload.id)

# bindings_of lists the bindings that name a workload's service account: through
# its document, or by namespace and name where the stack does not hold it.
# Bindings of groups that every account is in do not count.
bindings_of(workload) := {binding |
	some account in of(workload)
	some binding in stack.linked("bindings_of", account.id)
	some subject in binding.attr.subjects
	subject.kind == "ServiceAccount"
	subject.name == account.name
} if {
	count(of(workload)) > 0
}

bindings_of(workload) := object.get(_by_name, [[workload.namespace, name(workload)]], set()) if {
	count(of(workload)) == 0
}

_by_name[key] contains binding if {
	some binding in stack.documents("rbac_binding")
	some subject in binding.attr.subjects
	subject.kind == "ServiceAccount"
	key := [object.get(subject, "namespace", binding.namespace), subject.name]
}
