# METADATA
# title: Roles and bindings
# description: For stack rules about what roles grant and whom they reach.
package plimsoll.lib.rbac

import data.plimsoll.lib.known
import data.plimsoll.lib.stack

# grants tells whether rule i of a role gives what is wanted, an object with sets
# of api_groups, resources and verbs: "yes", "no", or "perhaps" where a part that
# matters is not known.
grants(role, i, wanted) := _all({_matches(role, i, field, values) | some field, values in wanted})

_all(answers) := "no" if "no" in answers

_all(answers) := "yes" if answers == {"yes"}

_all(answers) := "perhaps" if {
	"perhaps" in answers
	not "no" in answers
}

# may tells the same about verbs on resources of one API group. A wildcard in
# resources counts beside the group's own name; with a wildcard there too, the
# finding is rbac/wildcard's.
may(role, i, group, resources, verbs) := _any({
	grants(role, i, {"api_groups": {group, "*"}, "resources": resources, "verbs": (verbs | {"*"})}),
	grants(role, i, {"api_groups": {group}, "resources": {"*"}, "verbs": (verbs | {"*"})}),
})

_any(answers) := "yes" if "yes" in answers

_any(answers) := "no" if answers == {"no"}

_any(answers) := "perhaps" if {
	"perhaps" in answers
	not "yes" in answers
}

_matches(role, i, field, values) := "yes" if {
	some value in role.attr.rules[i][field]
	value in values
} else := "perhaps" if {
	known.reason(role, sprintf("rules[%d].%s", [i, field]))
} else := "no"

# names_objects tells whether rule i is limited to objects by name.
names_objects(role, i) := "yes" if {
	some _ in role.attr.rules[i].resource_names
} else := "perhaps" if {
	known.reason(role, sprintf("rules[%d].resource_names", [i]))
} else := "no"

# place is the first resource of rule i that is one of some, or the rule.
place(role, i, resources) := sprintf("rules[%d].resources[%d]", [i, min(_numbers(role, i, resources))]) if {
	count(_numbers(role, i, resources)) > 0
} else := sprintf("rules[%d]", [i])

_numbers(role, i, resources) := [j |
	some j, resource in role.attr.rules[i].resources
	resource in resources
]

# writes tells whether rule i of a role changes anything.
writes(role, i) := "yes" if {
	some verb in role.attr.rules[i].verbs
	is_string(verb)
	not verb in {"get", "list", "watch"}
} else := "perhaps" if {
	known.reason(role, sprintf("rules[%d].verbs", [i]))
} else := "no"

# is_builtin tells that Kubernetes itself makes the role: such roles are in dumps
# of clusters.
is_builtin(role) if role.attr.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"

# is_namespaced tells whether everything a role grants lives in namespaces.
is_namespaced(role) := "no" if {
	some rule in role.attr.rules
	_leaves_namespaces(rule)
} else := "perhaps" if {
	known.reason(role, "rules")
} else := "yes" if {
	some _ in role.attr.rules
} else := "no"

_leaves_namespaces(rule) if some _ in rule.non_resource_urls

_leaves_namespaces(rule) if {
	some resource in rule.resources
	is_string(resource)
	not null in rule.api_groups
	every group in rule.api_groups {
		not split(resource, "/")[0] in _in_namespaces(group)
	}
}

_in_namespaces(group) := _listed(group) | {definition.raw.spec.names.plural |
	some id in object.get(input.stack.by_kind, "apiextensions.k8s.io/v1/CustomResourceDefinition", [])
	definition := input.stack.documents[id]
	definition.raw.spec.group == group
	definition.raw.spec.scope == "Namespaced"
}

_listed(group) := {resource | some resource in data.plimsoll.facts.api_resources.namespaced[group]}

# bindings_of lists the bindings in the stack that bind a role.
bindings_of(role) := stack.backlinked("rbac_role_of", role.id)

# is_aggregated tells that a ClusterRole exists to be made part of others.
is_aggregated(role) if {
	some label, value in role.attr.labels
	is_string(label)
	startswith(label, "rbac.authorization.k8s.io/aggregate-to-")
	value == "true"
}

# subject names the role for a message: ClusterRole "ops".
subject(role) := sprintf("%s %q", [kind(role), role.name])

# kind is what Kubernetes calls a role.
kind(role) := "ClusterRole" if role.attr.cluster_scoped

kind(role) := "Role" if not role.attr.cluster_scoped
