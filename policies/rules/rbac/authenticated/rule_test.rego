package plimsoll.rules.rbac.authenticated_test

import data.plimsoll.rules.rbac.authenticated as rule

_deny(attr) := {res |
	some res in rule.deny with input as {"name": "b", "namespace": object.get(attr, "ns", ""), "attr": attr}
}

_binding(kind, role, subjects) := {"cluster_scoped": true, "role": {"kind": kind, "name": role}, "subjects": subjects}

_everybody := {"kind": "Group", "name": "system:authenticated"}

test_any_role_fails if {
	some res in _deny(_binding("ClusterRole", "view", [{"kind": "Group", "name": "ops"}, _everybody]))
	res.path == "subjects[1].name"
	endswith(res.message, "gives ClusterRole view to everybody who is authenticated")
}

test_what_everybody_has_passes if {
	every role in ["system:basic-user", "system:discovery", "system:public-info-viewer"] {
		_deny(_binding("ClusterRole", role, [_everybody])) == set()
	}
}

test_a_role_of_that_name_is_another if count(_deny(_binding("Role", "system:discovery", [_everybody]))) == 1

test_others_pass if _deny(_binding("ClusterRole", "view", [{"kind": "Group", "name": "ops"}])) == set()
