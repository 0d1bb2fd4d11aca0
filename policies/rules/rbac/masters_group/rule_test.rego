package plimsoll.rules.rbac.masters_group_test

import data.plimsoll.rules.rbac.masters_group as rule

_deny(attr) := {res |
	some res in rule.deny with input as {"name": "b", "namespace": object.get(attr, "ns", ""), "attr": attr}
}

_binding(kind, role, subjects) := {"cluster_scoped": true, "role": {"kind": kind, "name": role}, "subjects": subjects}

_masters := _binding("ClusterRole", "view", [{"kind": "Group", "name": "system:masters"}])

test_masters_fail if {
	some res in _deny(_masters)
	res.path == "subjects[0].name"
	not res.severity
	not res.exempt
	endswith(res.message, "gives ClusterRole view to system:masters")
}

test_masters_fail_in_kube_system_too if count(_deny(object.union(_masters, {"ns": "kube-system"}))) == 1

test_a_user_of_that_name_passes if _deny(_binding("ClusterRole", "view", [{"kind": "User", "name": "system:masters"}])) == set()

test_nodes_are_medium_outside_kube_system if {
	every subject in [
		{"kind": "Group", "name": "system:nodes"}, {"kind": "User", "name": "system:node:a"},
		{"kind": "Group", "name": "system:bootstrappers"},
	] {
		some res in _deny(_binding("ClusterRole", "view", [subject]))
		res.severity == "medium"
		_deny(object.union(_binding("Role", "r", [subject]), {"ns": "kube-system"})) == set()
	}
}

test_an_account_of_that_name_passes if {
	_deny(_binding("ClusterRole", "view", [{"kind": "ServiceAccount", "name": "system:node"}])) == set()
}

test_nodes_of_eks_are_exempt if {
	found := rule.deny with input as {
		"name": "eks:node-bootstrapper", "namespace": "",
		"attr": _binding("ClusterRole", "eks:node-bootstrapper", [{"kind": "Group", "name": "system:nodes"}]),
	}
	some res in found
	res.exempt
}

test_a_binding_of_kubernetes_itself_is_exempt if {
	attr := object.union(_masters, {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}})
	some res in _deny(attr)
	res.exempt
}

test_a_binding_of_eks_itself_is_exempt if {
	found := rule.deny with input as {"name": "eks:x", "namespace": "", "attr": _masters}
	some res in found
	res.exempt
}

test_a_name_that_is_no_text_is_not_judged if _deny(_binding("ClusterRole", "view", [{"kind": "User", "name": null}])) == set()
