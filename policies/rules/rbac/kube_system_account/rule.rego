# METADATA
# title: Workload account may act in kube-system
# description: >-
#   Who writes in kube-system controls the network plugin, DNS and the ConfigMap
#   aws-auth, and with them every node and every identity of the cluster.
# related_resources:
#   - description: RBAC good practices
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-025
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Move what the workload works on, its leader election too, into a namespace of its own and bind the role there.
#     Kubernetes: {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: web, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}]}
#     Terraform:
#       resource "kubernetes_role_binding_v1" "web" {
#         metadata {
#           name      = "web"
#           namespace = "shop"
#         }
#         role_ref {
#           api_group = "rbac.authorization.k8s.io"
#           kind      = "Role"
#           name      = "web"
#         }
#         subject {
#           kind      = "ServiceAccount"
#           name      = "web"
#           namespace = "shop"
#         }
#       }
#   on: [rbac_binding]
#   scope: stack
#   aliases: [protect_core_components_namespace]
package plimsoll.rules.rbac.kube_system_account

import data.plimsoll.lib.bindings
import data.plimsoll.lib.known
import data.plimsoll.lib.rbac
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

# From where a subject comes, when that is not kube-system.
_foreigner(binding, subject) := sprintf("service account %s/%s", [account.namespace, account.name]) if {
	account := bindings.account(binding, subject)
	account.namespace != "kube-system"
}

_foreigner(_, subject) := "every service account" if {
	subject.kind == "Group"
	subject.name == "system:serviceaccounts"
}

_foreigner(_, subject) := sprintf("every service account of namespace %s", [namespace]) if {
	subject.kind == "Group"
	is_string(subject.name)
	startswith(subject.name, "system:serviceaccounts:")
	namespace := trim_prefix(subject.name, "system:serviceaccounts:")
	namespace != "kube-system"
}

# Rules that only hold an election: leases by name, or new ones, and events.
_only_elects(rule) if {
	every resource in rule.resources {
		resource in {"leases", "events"}
	}
	_is_narrow(rule)
}

_reads := {"get", "list", "watch"}

_is_narrow(rule) if some _ in rule.resource_names

_is_narrow(rule) if {
	every verb in rule.verbs {
		verb in (_reads | {"create"})
	}
}

_is_narrow(rule) if {
	not "leases" in rule.resources
	every verb in rule.verbs {
		verb in (_reads | {"create", "patch"})
	}
}

# How much a role writes: "much", "little" (an election), "perhaps" or "nothing".
_writes(role) := "much" if {
	some i, rule in role.attr.rules
	rbac.writes(role, i) == "yes"
	not _only_elects(rule)
} else := "perhaps" if {
	known.reason(role, "rules")
} else := "little" if {
	some i, _ in role.attr.rules
	rbac.writes(role, i) == "yes"
} else := "nothing"

_known_roles := {
	"admin": "much", "cluster-admin": "much", "edit": "much",
	"view": "nothing", "extension-apiserver-authentication-reader": "nothing",
}

# The worst of it, should several roles of the set answer to the name.
_answer(binding) := [answer | some answer in ["much", "elsewhere", "perhaps", "little", "nothing"]; answer in _answers(binding)][0]

_answers(binding) := {_writes(role) | some role in _roles(binding)} if {
	count(_roles(binding)) > 0
} else := {object.get(_known_roles, object.get(binding.attr, ["role", "name"], ""), "elsewhere")}

_roles(binding) := stack.linked("rbac_role_of", binding.id)

_candidates contains {"result": found, "answer": _answer(binding)} if {
	some binding in stack.documents("rbac_binding")
	not binding.attr.cluster_scoped
	binding.namespace == "kube-system"
	some i, subject in binding.attr.subjects
	who := _foreigner(binding, subject)
	found := result.with_related(
		result.on(binding, sprintf("subjects[%d]", [i]), sprintf(
			"RoleBinding %q lets %s act in kube-system by %s",
			[binding.name, who, bindings.role(binding)],
		)),
		[result.place(role, "rules", "what it may do") | some role in _roles(binding)],
	)
}

deny contains c.result if {
	some c in _candidates
	c.answer == "much"
}

deny contains result.with_severity(c.result, "low") if {
	some c in _candidates
	c.answer == "little"
}

deny contains result.as_unknown(c.result, reason) if {
	some c in _candidates
	reason := {
		"perhaps": "what the role may do is not known yet",
		"elsewhere": "the role is not in the input",
	}[c.answer]
}

# Whose account it is, or its name, is not known yet.
deny contains result.as_unknown(result.on(binding, path, message), reason) if {
	some binding in stack.documents("rbac_binding")
	binding.namespace == "kube-system"
	_answer(binding) != "nothing"
	some i, subject in binding.attr.subjects
	path := sprintf("subjects[%d].%s", [i, {"ServiceAccount": "namespace", "Group": "name"}[subject.kind]])
	reason := known.reason(binding, path)
	message := sprintf("whether RoleBinding %q is for an account of another namespace is not known", [binding.name])
}
