# METADATA
# title: Whom a binding gives a role
# description: Subjects of role bindings, for rules about one binding or the stack.
package plimsoll.lib.bindings

import data.plimsoll.lib.result

# kind is what Kubernetes calls a binding.
kind(binding) := "ClusterRoleBinding" if binding.attr.cluster_scoped

kind(binding) := "RoleBinding" if not binding.attr.cluster_scoped

# role names the role a binding gives, for a message: ClusterRole view.
role(binding) := sprintf("%s %s", [
	object.get(binding.attr, ["role", "kind"], "role"),
	object.get(binding.attr, ["role", "name"], "with a name that is not known yet"),
])

# account is the service account a subject means: {namespace, name}. It may be
# written as the user name that service accounts have.
account(_, subject) := {"namespace": parts[2], "name": parts[3]} if {
	subject.kind == "User"
	is_string(subject.name)
	startswith(subject.name, "system:serviceaccount:")
	parts := split(subject.name, ":")
	count(parts) == 4
}

account(binding, subject) := {"namespace": _namespace(binding, subject), "name": subject.name} if {
	subject.kind == "ServiceAccount"
	is_string(subject.name)
}

# A subject without a namespace is taken to be in the binding's own.
_namespace(_, subject) := subject.namespace if {
	is_string(subject.namespace)
	subject.namespace != ""
}

_namespace(binding, subject) := binding.namespace if object.get(subject, "namespace", "") == ""

# owner names the namespace of an account for a message.
owner(account) := sprintf("of namespace %s", [account.namespace]) if account.namespace != ""

owner(account) := "of a namespace that is not named" if account.namespace == ""

# judged gives a result about the binding under judgement back, exempted when
# Kubernetes or EKS itself makes the binding.
judged(res) := result.exempt(res, "a binding that Kubernetes makes itself") if {
	input.attr.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"
} else := result.exempt(res, "a binding that EKS makes itself") if {
	startswith(input.name, "eks:")
} else := res
