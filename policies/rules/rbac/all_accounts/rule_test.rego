package plimsoll.rules.rbac.all_accounts_test

import data.plimsoll.rules.rbac.all_accounts as rule

_deny(attr) := {res |
	some res in rule.deny with input as {"name": "b", "namespace": object.get(attr, "ns", ""), "attr": attr}
}

_binding(kind, role, subjects) := {"cluster_scoped": true, "role": {"kind": kind, "name": role}, "subjects": subjects}

_all := _binding("ClusterRole", "view", [{"kind": "Group", "name": "system:serviceaccounts"}])

test_all_accounts_are_high if {
	some res in _deny(_all)
	res.severity == "high"
	res.path == "subjects[0].name"
	not res.exempt
	endswith(res.message, "to every service account of the cluster")
}

test_all_accounts_of_a_namespace_are_medium if {
	some res in _deny(_binding("ClusterRole", "view", [{"kind": "Group", "name": "system:serviceaccounts:shop"}]))
	res.severity == "medium"
	endswith(res.message, "to every service account of namespace shop")
}

test_others_pass if {
	every subject in [
		{"kind": "User", "name": "system:serviceaccounts"}, {"kind": "Group", "name": "ops"},
		{"kind": "ServiceAccount", "name": "web", "namespace": "shop"},
	] {
		_deny(_binding("ClusterRole", "view", [subject])) == set()
	}
}

test_a_binding_of_kubernetes_itself_is_exempt if {
	attr := object.union(_all, {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}})
	some res in _deny(attr)
	res.exempt
}

test_a_binding_of_eks_itself_is_exempt if {
	found := rule.deny with input as {"name": "eks:x", "namespace": "", "attr": _all}
	some res in found
	res.exempt
}

test_a_name_that_is_no_text_is_not_judged if _deny(_binding("ClusterRole", "view", [{"kind": "Group", "name": null}])) == set()
