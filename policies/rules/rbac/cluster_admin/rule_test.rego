package plimsoll.rules.rbac.cluster_admin_test

import data.plimsoll.rules.rbac.cluster_admin as rule

_binding(cluster_scoped, role, subjects) := {
	"cluster_scoped": cluster_scoped,
	"role": {"kind": "ClusterRole", "name": role},
	"subjects": subjects,
}

_deny(namespace, attr) := {res |
	some res in rule.deny with input as {"name": "b", "namespace": namespace, "attr": attr}
		with data.plimsoll.params.rbac.cluster_admin as {"admin_subjects": ["Group:platform-admins", "ServiceAccount:gitops/*"]}
}

_subject(subject) := _deny("", _binding(true, "cluster-admin", [subject]))

test_a_user_fails if {
	some res in _subject({"kind": "User", "name": "jane"})
	res.path == "subjects[0]"
	not res.severity
}

test_a_service_account_fails if {
	some res in _subject({"kind": "ServiceAccount", "namespace": "kube-system", "name": "tiller"})
	contains(res.message, "ServiceAccount:kube-system/tiller")
}

test_only_the_subject_that_is_not_allowed_fails if {
	found := _deny("", _binding(true, "cluster-admin", [
		{"kind": "Group", "name": "platform-admins"},
		{"kind": "Group", "name": "system:masters"},
		{"kind": "Group", "name": "developers"},
	]))
	{res.path | some res in found} == {"subjects[2]"}
}

test_anonymous_users_are_no_system_subject if count(_subject({"kind": "User", "name": "system:anonymous"})) == 1

test_what_eks_binds_passes if _subject({"kind": "User", "name": "eks:addon-manager"}) == set()

test_an_allowed_service_account_passes if {
	_subject({"kind": "ServiceAccount", "namespace": "gitops", "name": "flux"}) == set()
}

test_a_service_account_without_a_namespace_is_in_the_bindings if {
	some res in _deny("shop", _binding(false, "cluster-admin", [{"kind": "ServiceAccount", "name": "web"}]))
	contains(res.message, "ServiceAccount:shop/web")
}

test_a_role_binding_is_less_severe if {
	some res in _deny("shop", _binding(false, "cluster-admin", [{"kind": "User", "name": "jane"}]))
	res.severity == "medium"
}

test_admin_of_all_namespaces_fails if count(_deny("", _binding(true, "admin", [{"kind": "User", "name": "jane"}]))) == 1

test_admin_of_one_namespace_passes if _deny("shop", _binding(false, "admin", [{"kind": "User", "name": "jane"}])) == set()

test_another_role_passes if _deny("", _binding(true, "view", [{"kind": "User", "name": "jane"}])) == set()

test_a_role_that_is_only_called_cluster_admin_passes if {
	attr := {"cluster_scoped": false, "role": {"kind": "Role", "name": "cluster-admin"}, "subjects": [{"kind": "User", "name": "jane"}]}
	_deny("shop", attr) == set()
}

test_no_subjects_pass if _deny("", {"cluster_scoped": true, "role": {"kind": "ClusterRole", "name": "cluster-admin"}}) == set()

test_a_role_called_admin_passes_everywhere if {
	attr := {"cluster_scoped": true, "role": {"kind": "Role", "name": "admin"}, "subjects": [{"kind": "User", "name": "jane"}]}
	_deny("", attr) == set()
}

test_an_empty_namespace_is_the_bindings if {
	attr := _binding(false, "cluster-admin", [{"kind": "ServiceAccount", "name": "web", "namespace": ""}])
	some res in _deny("shop", attr)
	contains(res.message, "ServiceAccount:shop/web")
}
