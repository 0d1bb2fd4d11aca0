package plimsoll.rules.rbac.default_account_test

import data.plimsoll.rules.rbac.default_account as rule

_deny(attr) := {res |
	some res in rule.deny with input as {"name": "b", "namespace": object.get(attr, "ns", ""), "attr": attr}
}

_binding(kind, role, subjects) := {"cluster_scoped": true, "role": {"kind": kind, "name": role}, "subjects": subjects}

_default := _binding("ClusterRole", "view", [{"kind": "ServiceAccount", "name": "default", "namespace": "shop"}])

test_the_default_account_fails if {
	some res in _deny(_default)
	res.path == "subjects[0].name"
	not res.exempt
	endswith(res.message, "to the default service account of namespace shop")
}

test_its_user_name_fails if {
	some res in _deny(_binding("ClusterRole", "view", [{"kind": "User", "name": "system:serviceaccount:shop:default"}]))
	endswith(res.message, "of namespace shop")
}

test_without_a_namespace_it_is_in_the_bindings if {
	some res in _deny(object.union(_binding("Role", "r", [{"kind": "ServiceAccount", "name": "default"}]), {"ns": "cart"}))
	endswith(res.message, "of namespace cart")
}

test_others_pass if {
	every subject in [
		{"kind": "ServiceAccount", "name": "web", "namespace": "default"}, {"kind": "User", "name": "default"},
		{"kind": "Group", "name": "default"}, {"kind": "User", "name": "system:serviceaccount:default:web"},
	] {
		_deny(_binding("ClusterRole", "view", [subject])) == set()
	}
}

test_a_binding_of_kubernetes_itself_is_exempt if {
	attr := object.union(_default, {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}})
	some res in _deny(attr)
	res.exempt
}

test_a_binding_of_eks_itself_is_exempt if {
	found := rule.deny with input as {"name": "eks:x", "namespace": "", "attr": _default}
	some res in found
	res.exempt
}
