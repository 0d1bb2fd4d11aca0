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
#     Use a Role in the namespace that needs it and name the Secrets, or take secrets from an external store.
#     Kubernetes: {apiGroups: [""], resources: [secrets], resourceNames: [web-tls], verbs: [get]}
#     Terraform: resource_names = ["web-tls"]
#   on: [rbac_role]
#   scope: stack
#   reads: ["rules[*]"]
#   controls:
#     cis-eks: ["4.1.2"]
#     eks-bpg: [data-encryption]
#   aliases: [C-0015, C-0186, KSV-0041]
package plimsoll.rules.rbac.read_secrets

import data.plimsoll.lib.known
import data.plimsoll.lib.rbac
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_wanted := {
	"api_groups": {"", "*"},
	"resources": {"secrets"},
	"verbs": {"get", "list", "watch", "*"},
}

# Rule i gives every Secret, for certain or perhaps.
_reads(role, i) := "yes" if {
	rbac.grants(role, i, _wanted) == "yes"
	rbac.names_objects(role, i) == "no"
} else := "perhaps" if {
	rbac.grants(role, i, _wanted) != "no"
	rbac.names_objects(role, i) != "yes"
}

# How bad it is. A ClusterRole does no harm that is bound in single namespaces
# only, or that exists to be aggregated into others.
_severity(role, _) := "low" if not role.attr.cluster_scoped

_severity(role, bindings) := "high" if {
	role.attr.cluster_scoped
	some binding in bindings
	binding.attr.cluster_scoped
}

_severity(role, []) := "high" if {
	role.attr.cluster_scoped
	not rbac.is_aggregated(role)
}

_candidates contains [role, _severity(role, bindings), bindings] if {
	some role in stack.documents("rbac_role")
	not role.attr.aggregation
	not rbac.is_builtin(role)
	bindings := rbac.bindings_of(role)
}

_related(bindings) := [result.place(binding, "role", "bound here") |
	some binding in bindings
	binding.attr.cluster_scoped
]

_place(role, i) := sprintf("rules[%d].resources[%d]", [i, j]) if {
	j := min([j | some j, resource in role.attr.rules[i].resources; resource == "secrets"])
}

deny contains result.with_related(result.with_severity(found, severity), _related(bindings)) if {
	some [role, severity, bindings] in _candidates
	some i, _ in role.attr.rules
	_reads(role, i) == "yes"
	found := result.on(role, _place(role, i), sprintf("%s %q may read all Secrets", [rbac.kind(role), role.name]))
}

_not_known(role, path) := result.on(role, path, sprintf("whether %s %q may read Secrets is not known", [rbac.kind(role), role.name]))

deny contains result.as_unknown(result.with_severity(_not_known(role, path), severity), known.reason(role, path)) if {
	some [role, severity, _] in _candidates
	some i, _ in role.attr.rules
	path := sprintf("rules[%d]", [i])
	_reads(role, i) == "perhaps"
}

deny contains result.as_unknown(result.with_severity(_not_known(role, "rules"), severity), known.reason(role, "rules")) if {
	some [role, severity, _] in _candidates
	not role.attr.rules
}
