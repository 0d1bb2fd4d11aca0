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

_matches(role, i, field, values) := "yes" if {
	some value in role.attr.rules[i][field]
	value in values
} else := "perhaps" if {
	known.reason(role, sprintf("rules[%d].%s", [i, field]))
} else := "no"

# names_objects tells whether rule i is limited to objects by name.
names_objects(role, i) := "yes" if {
	count(role.attr.rules[i].resource_names) > 0
} else := "perhaps" if {
	known.reason(role, sprintf("rules[%d].resource_names", [i]))
} else := "no"

# bindings_of lists the bindings in the stack that bind a role.
bindings_of(role) := stack.backlinked("rbac_role_of", role.id)

# is_aggregated tells that a ClusterRole exists to be made part of others.
is_aggregated(role) if {
	some label, value in role.attr.labels
	startswith(label, "rbac.authorization.k8s.io/aggregate-to-")
	value == "true"
}

# kind is what Kubernetes calls a role.
kind(role) := "ClusterRole" if role.attr.cluster_scoped

kind(role) := "Role" if not role.attr.cluster_scoped
