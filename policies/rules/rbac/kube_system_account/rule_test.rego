package plimsoll.rules.rbac.kube_system_account_test

import data.plimsoll.rules.rbac.kube_system_account as rule

_doc(id, type, namespace, attr) := {
	"id": id, "type": type, "name": id, "namespace": namespace, "attr": attr,
	"kind": type, "unknown": {}, "partial": {}, "raw": {},
}

_unknown(doc, path) := object.union(doc, {"unknown": {path: {"reason": "after_apply", "template": "${X}"}}})

# links: [relation, from, to].
_stack(docs, links, facts) := {
	"documents": {d.id: d | some d in docs},
	"by_type": {type: sort([d.id | some d in docs; d.type == type]) | some type in {d.type | some d in docs}},
	"by_kind": {kind: sort([d.id | some d in docs; d.kind == kind]) | some kind in {d.kind | some d in docs}},
	"links": {rel: {from: [{"to": to, "via": "value"} | some [rel, from, to] in links] |
		some [rel, from, _] in links
	} |
		some [rel, _, _] in links
	},
	"backlinks": {rel: {to: [{"from": from, "via": "value"} | some [rel, from, to] in links] |
		some [rel, _, to] in links
	} |
		some [rel, _, _] in links
	},
	"facts": facts,
}

_deny(docs, links) := {res | some res in rule.deny with input.stack as _stack(docs, links, {})}

_role(rules) := _doc("role", "rbac_role", "kube-system", {"cluster_scoped": false, "rules": rules})

_binding(subject) := _doc("b", "rbac_binding", "kube-system", {
	"cluster_scoped": false, "role": {"kind": "Role", "name": "role"},
	"subjects": [{"kind": "Group", "name": "ops"}, subject],
})

_web := {"kind": "ServiceAccount", "name": "web", "namespace": "shop"}

_bound := [["rbac_role_of", "b", "role"]]

_patches := {"api_groups": ["apps"], "resources": ["daemonsets"], "verbs": ["get", "patch"]}

_gets := {"api_groups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}

test_a_foreign_account_that_writes_fails if {
	some res in _deny([_role([_gets, _patches]), _binding(_web)], _bound)
	res.path == "subjects[1]"
	contains(res.message, "lets service account shop/web act in kube-system by Role role")
	{place.document | some place in res.related} == {"role"}
	not res.severity
	not res.unknown
}

test_groups_of_foreign_accounts_fail if {
	every name, who in {
		"system:serviceaccounts": "every service account act",
		"system:serviceaccounts:shop": "every service account of namespace shop act",
	} {
		some res in _deny([_role([_patches]), _binding({"kind": "Group", "name": name})], _bound)
		contains(res.message, who)
	}
}

test_accounts_of_kube_system_pass if {
	every subject in [
		{"kind": "ServiceAccount", "name": "a", "namespace": "kube-system"}, {"kind": "ServiceAccount", "name": "a"},
		{"kind": "Group", "name": "system:serviceaccounts:kube-system"}, {"kind": "User", "name": "system:serviceaccounts"},
		{"kind": "User", "name": "system:serviceaccounts:shop"},
	] {
		_deny([_role([_patches]), _binding(subject)], _bound) == set()
	}
}

test_reading_passes if _deny([_role([_gets]), _binding(_web)], _bound) == set()

_elsewhere(attr, namespace) := object.union(_binding(_web), {"namespace": namespace, "attr": attr})

test_other_namespaces_and_cluster_bindings_pass if {
	_deny([_role([_patches]), _elsewhere({}, "shop")], _bound) == set()
	_deny([_role([_patches]), _elsewhere({"cluster_scoped": true}, "kube-system")], _bound) == set()
}

_leases(verbs, names) := {"api_groups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": verbs, "resource_names": names}

_events(verbs) := {"api_groups": [""], "resources": ["events"], "verbs": verbs}

test_an_election_is_low if {
	every rules in [
		[_leases(["update"], ["web"])], [_leases(["get", "create"], [])], [_events(["create", "patch"])],
		[_gets, _leases(["create"], []), _events(["patch"])],
	] {
		some res in _deny([_role(rules), _binding(_web)], _bound)
		res.severity == "low"
		not res.unknown
	}
}

test_more_than_an_election_is_not if {
	every rules in [
		[_leases(["update"], [])], [_leases(["patch"], [])], [_events(["delete"])],
		[object.union(_leases(["create"], []), {"resources": ["leases", "configmaps"]})],
	] {
		some res in _deny([_role(rules), _binding(_web)], _bound)
		not res.severity
	}
}

_named(kind, name) := object.union(_binding(_web), {"attr": {"role": {"kind": kind, "name": name}}})

test_roles_of_kubernetes_are_known if {
	every name in ["admin", "cluster-admin", "edit"] {
		some res in _deny([_named("ClusterRole", name)], [])
		not res.unknown
	}
	every name in ["view", "extension-apiserver-authentication-reader"] {
		_deny([_named("ClusterRole", name)], []) == set()
	}
}

test_a_role_that_is_not_here_is_unknown if {
	some res in _deny([_named("Role", "elsewhere")], [])
	res.unknown == "the role is not in the input"
}

test_a_role_without_a_known_name_is_unknown if {
	binding := _doc("b", "rbac_binding", "kube-system", {"cluster_scoped": false, "role": {"kind": "Role"}, "subjects": [_web]})
	some res in _deny([_unknown(binding, "role.name")], [])
	res.unknown
}

test_verbs_that_are_not_known_are_unknown if {
	role := _unknown(_role([_leases(["create"], []), {"api_groups": [""], "resources": ["pods"]}]), "rules[1].verbs")
	some res in _deny([role, _binding(_web)], _bound)
	res.unknown == "what the role may do is not known yet"
}

test_the_worst_of_several_roles_counts if {
	other := object.union(_role([_gets]), {"id": "other"})
	some res in _deny([_role([_patches]), other, _binding(_web)], [["rbac_role_of", "b", "role"], ["rbac_role_of", "b", "other"]])
	not res.unknown
	not res.severity
}

test_a_namespace_that_is_not_known_is_unknown if {
	binding := _unknown(_binding({"kind": "ServiceAccount", "name": "web"}), "subjects[1].namespace")
	some res in _deny([_role([_patches]), binding], _bound)
	res.unknown == "after apply"
	_deny([_role([_gets]), binding], _bound) == set()
	_deny([_role([_patches]), object.union(binding, {"namespace": "shop"})], _bound) == set()
}

test_a_group_that_is_not_known_is_unknown if {
	some res in _deny([_role([_patches]), _unknown(_binding({"kind": "Group"}), "subjects[1].name")], _bound)
	res.path == "subjects[1].name"
	_deny([_role([_patches]), _unknown(_binding({"kind": "User"}), "subjects[1].name")], _bound) == set()
}
