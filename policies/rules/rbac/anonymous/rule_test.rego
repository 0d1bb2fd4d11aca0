package plimsoll.rules.rbac.anonymous_test

import data.plimsoll.rules.rbac.anonymous as rule

_deny(attr) := {res |
	some res in rule.deny with input as {"name": "b", "namespace": object.get(attr, "ns", ""), "attr": attr}
}

_binding(kind, role, subjects) := {"cluster_scoped": true, "role": {"kind": kind, "name": role}, "subjects": subjects}

_anonymous := {"kind": "User", "name": "system:anonymous"}

test_any_role_fails if {
	some res in _deny(_binding("ClusterRole", "view", [{"kind": "Group", "name": "ops"}, _anonymous]))
	res.path == "subjects[1].name"
	res.message == `ClusterRoleBinding "b" gives ClusterRole view to system:anonymous`
}

test_the_unauthenticated_group_fails if {
	count(_deny(_binding("Role", "r", [{"kind": "Group", "name": "system:unauthenticated"}]))) == 1
}

test_the_version_of_the_cluster_is_public if {
	_deny(_binding("ClusterRole", "system:public-info-viewer", [_anonymous])) == set()
}

test_a_role_of_that_name_is_another if {
	count(_deny(_binding("Role", "system:public-info-viewer", [_anonymous]))) == 1
}

test_others_pass if _deny(_binding("ClusterRole", "view", [{"kind": "User", "name": "jane"}])) == set()
