# METADATA
# title: Binding references a missing role or subject
# description: >-
#   Nothing has the right today. Whoever may create an object of that name tomorrow, a
#   service account or a role, inherits it or decides what it is.
# related_resources:
#   - description: RBAC good practices, Kubernetes RBAC privilege escalation risks
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodic-review
#   - description: Kubernetes RBAC, referring to subjects
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects
# custom:
#   id: PLM-RBAC-022
#   severity: low
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Delete the binding, take the subject out of it, or name an account that is there.
#     Kubernetes: kubectl delete rolebinding web --namespace shop
#     Terraform:
#       subject {
#         kind      = "ServiceAccount"
#         name      = kubernetes_service_account_v1.web.metadata[0].name
#         namespace = "shop"
#       }
#   on: [rbac_binding]
#   scope: stack
#   aliases: [C-0307]
package plimsoll.rules.rbac.dangling_binding

import data.plimsoll.lib.bindings
import data.plimsoll.lib.releases
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

# What the set holds, by namespace and name. A name that is not known yet stands
# as its template, so that two that are the same agree.
_names[type] contains sprintf("%s/%s", [document.namespace, document.name]) if {
	some type in ["service_account", "rbac_role"]
	some document in stack.documents(type)
}

# A namespace is in the set when the set declares it, and all that is in it as
# long as no chart that was not rendered goes there too.
_is_in_set(namespace) if {
	is_string(stack.fact("namespaces", namespace, {}).document)
	not releases.may_fill(namespace)
}

_has(type, namespace, name) if sprintf("%s/%s", [namespace, name]) in _names[type]

# Namespaces with objects whose names are not known: one of them might be it.
_open[type] contains document.namespace if {
	some type in ["service_account", "rbac_role"]
	some document in stack.documents(type)
	document.unknown.name
}

_has_open_name(missing) if missing.namespace in _open[missing.type]

# Kubernetes makes the account default in every namespace.
_is_missing(account) if {
	account.name != "default"
	_is_in_set(account.namespace)
	not _has("service_account", account.namespace, account.name)
}

_missing contains {"type": "service_account", "namespace": account.namespace, "result": found} if {
	some binding in stack.documents("rbac_binding")
	some i, subject in binding.attr.subjects
	account := bindings.account(binding, subject)
	_is_missing(account)
	found := result.on(binding, sprintf("subjects[%d]", [i]), sprintf(
		"%s %q is for service account %s, which namespace %s does not have",
		[bindings.kind(binding), binding.name, account.name, account.namespace],
	))
}

_missing contains {"type": "rbac_role", "namespace": binding.namespace, "result": found} if {
	some binding in stack.documents("rbac_binding")
	binding.attr.role.kind == "Role"
	_is_in_set(binding.namespace)
	not _has("rbac_role", binding.namespace, binding.attr.role.name)
	found := result.on(binding, "role.name", sprintf(
		"RoleBinding %q gives the role %s, which namespace %s does not have",
		[binding.name, binding.attr.role.name, binding.namespace],
	))
}

deny contains missing.result if {
	some missing in _missing
	not _has_open_name(missing)
}

deny contains result.as_unknown(missing.result, "some names in the namespace are not known yet") if {
	some missing in _missing
	_has_open_name(missing)
}

# The name that is looked for is not known itself, and no object has the same
# template for a name.
deny contains result.as_unknown(result.on(binding, path, message), "the name is not known yet") if {
	some binding in stack.documents("rbac_binding")
	some i, subject in binding.attr.subjects
	subject.kind == "ServiceAccount"
	path := sprintf("subjects[%d].name", [i])
	state := binding.unknown[path]
	namespace := object.get(subject, "namespace", binding.namespace)
	_is_in_set(namespace)
	not _has("service_account", namespace, object.get(state, "template", ""))
	message := sprintf("whether namespace %s has the service account %s %q is for is not known", [
		namespace,
		bindings.kind(binding), binding.name,
	])
}
