# METADATA
# title: Role may read Secrets
# description: >-
#   Get, list and watch on Secrets return their values, in every namespace for a
#   ClusterRole that is bound cluster-wide. Service account tokens among them make
#   the holder any of those accounts.
# related_resources:
#   - description: RBAC good practices, listing Secrets
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets
#   - description: EKS best practices, data encryption and secrets management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html
# custom:
#   id: PLM-RBAC-004
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Use a Role in the namespace that needs it and name the Secrets under resourceNames, or take
#     secrets from an external store.
#   on: [rbac_role]
#   scope: stack
#   reads: ["rules[*]"]
#   controls:
#     cis-eks: ["4.1.2"]
#     eks-bpg: [data-encryption]
#   aliases: [C-0015, C-0186, KSV-0041]
package plimsoll.rules.rbac.read_secrets

import data.plimsoll.lib.known
import data.plimsoll.lib.result

_wanted := {
	"api_groups": {"", "*"},
	"resources": {"secrets"},
	"verbs": {"get", "list", "watch", "*"},
}

# A field of a rule matches for certain, perhaps, or not.
_matches(role, i, field) := "yes" if {
	some value in role.attr.rules[i][field]
	value in _wanted[field]
} else := "perhaps" if {
	known.reason(role, sprintf("rules[%d].%s", [i, field]))
} else := "no"

_names_secrets(role, i) := "yes" if {
	count(role.attr.rules[i].resource_names) > 0
} else := "perhaps" if {
	known.reason(role, sprintf("rules[%d].resource_names", [i]))
} else := "no"

_answers(role, i) := {_matches(role, i, field) | some field, _ in _wanted}

_bindings(id) := [input.stack.documents[edge.from] |
	some edge in object.get(input.stack.backlinks, ["rbac_role_of", id], [])
]

# Everywhere the role reaches, as the severity of that; undefined where it does
# no harm: a ClusterRole that is bound in single namespaces only, or that exists
# to be aggregated into others.
_severity(role, _) := "low" if not role.attr.cluster_scoped

_severity(role, bindings) := "high" if {
	role.attr.cluster_scoped
	some binding in bindings
	binding.attr.cluster_scoped
}

_severity(role, []) := "high" if {
	role.attr.cluster_scoped
	not _aggregated(role)
}

_aggregated(role) if {
	some label, value in role.attr.labels
	startswith(label, "rbac.authorization.k8s.io/aggregate-to-")
	value == "true"
}

_candidates contains [role, _severity(role, bindings), bindings] if {
	some id in input.stack.by_type.rbac_role
	role := input.stack.documents[id]
	not role.attr.aggregation
	bindings := _bindings(id)
}

_related(bindings) := [result.place(binding, "role", "bound here") |
	some binding in bindings
	binding.attr.cluster_scoped
]

_message(role) := sprintf("%s %q may read all Secrets", [_kind(role), role.name])

_kind(role) := "ClusterRole" if role.attr.cluster_scoped

_kind(role) := "Role" if not role.attr.cluster_scoped

deny contains result.with_related(result.with_severity(found, severity), _related(bindings)) if {
	some [role, severity, bindings] in _candidates
	some i, _ in role.attr.rules
	_answers(role, i) == {"yes"}
	_names_secrets(role, i) == "no"
	j := min([j | some j, resource in role.attr.rules[i].resources; resource == "secrets"])
	found := result.on(role, sprintf("rules[%d].resources[%d]", [i, j]), _message(role))
}

deny contains result.as_unknown(result.with_severity(found, severity), reason) if {
	some [role, severity, _] in _candidates
	some i, _ in role.attr.rules
	answers := _answers(role, i) | ({_names_secrets(role, i)} - {"no"})
	not "no" in answers
	"perhaps" in answers
	_names_secrets(role, i) != "yes"
	reason := known.reason(role, sprintf("rules[%d]", [i]))
	found := result.on(role, sprintf("rules[%d]", [i]), sprintf("whether %s %q may read Secrets is not known", [_kind(role), role.name]))
}

deny contains result.as_unknown(result.with_severity(found, severity), reason) if {
	some [role, severity, _] in _candidates
	not role.attr.rules
	reason := known.reason(role, "rules")
	found := result.on(role, "rules", sprintf("whether %s %q may read Secrets is not known", [_kind(role), role.name]))
}
