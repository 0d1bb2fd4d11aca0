package plimsoll.rules.rbac.dangling_binding_test

import data.plimsoll.rules.rbac.dangling_binding as rule

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

_deny(docs) := {res |
	some res in rule.deny with input.stack as _stack(docs, [], {"namespaces": {
		"shop": {"document": "ns"},
		"other": {"document": null},
	}})
}

_binding(namespace, role, subjects) := _doc("b", "rbac_binding", namespace, {
	"cluster_scoped": namespace == "", "role": role, "subjects": subjects,
})

_view := {"kind": "ClusterRole", "name": "view"}

_account(namespace, name) := {"kind": "ServiceAccount", "name": name, "namespace": namespace}

_for(subject) := _binding("shop", _view, [_account("shop", "web"), subject])

_web := _doc("web", "service_account", "shop", {})

test_a_missing_account_fails if {
	some res in _deny([_web, _for(_account("shop", "cart"))])
	res.path == "subjects[1]"
	res.message == `RoleBinding "b" is for service account cart, which namespace shop does not have`
	not res.unknown
}

test_a_namespace_that_nobody_declares_passes if {
	_deny([_web, _for(_account("other", "cart"))]) == set()
	_deny([_web, _for(_account("elsewhere", "cart"))]) == set()
}

test_what_is_there_passes if _deny([_web, _for(_account("shop", "default"))]) == set()

test_users_and_groups_pass if _deny([_web, _for({"kind": "User", "name": "jane"})]) == set()

test_an_account_of_another_namespace_is_another if {
	count(_deny([_doc("web", "service_account", "other", {}), _binding("", _view, [_account("shop", "web")])])) == 1
}

test_a_chart_may_bring_the_account if {
	chart := _doc("chart", "helm_release", "", {"namespace": "shop"})
	_deny([_web, chart, _for(_account("shop", "cart"))]) == set()
}

_role := {"kind": "Role", "name": "reader"}

test_a_missing_role_fails if {
	some res in _deny([_binding("shop", _role, [])])
	res.path == "role.name"
	res.message == `RoleBinding "b" gives the role reader, which namespace shop does not have`
	not res.unknown
}

test_a_role_that_is_there_passes if _deny([_doc("reader", "rbac_role", "shop", {}), _binding("shop", _role, [])]) == set()

test_a_cluster_role_may_be_anywhere if _deny([_binding("shop", {"kind": "ClusterRole", "name": "reader"}, [])]) == set()

test_a_role_of_another_namespace_passes if _deny([_binding("other", _role, [])]) == set()

test_a_name_that_is_not_known_might_be_the_one if {
	open := _unknown(_doc("${Y}", "service_account", "shop", {}), "name")
	some res in _deny([open, _binding("shop", _view, [_account("shop", "cart")])])
	res.unknown
}

test_only_names_of_that_kind_and_namespace_might if {
	every open in [_doc("${Y}", "service_account", "other", {}), _doc("${Y}", "rbac_role", "shop", {})] {
		some res in _deny([_unknown(open, "name"), _binding("shop", _view, [_account("shop", "cart")])])
		not res.unknown
	}
}

_open_binding := _unknown(
	_binding("shop", _view, [{"kind": "ServiceAccount", "namespace": "shop"}]),
	"subjects[0].name",
)

test_a_subject_that_is_not_known_is_unknown if {
	some res in _deny([_web, _open_binding])
	res.unknown
	res.path == "subjects[0].name"
}

test_a_subject_with_the_name_of_an_account_passes if {
	_deny([_unknown(_doc("${X}", "service_account", "shop", {}), "name"), _open_binding]) == set()
}

test_a_subject_elsewhere_or_of_another_kind_passes if {
	elsewhere := _binding("shop", _view, [{"kind": "ServiceAccount", "namespace": "other"}])
	_deny([_unknown(elsewhere, "subjects[0].name")]) == set()
	group := _binding("shop", _view, [{"kind": "Group"}])
	_deny([_unknown(group, "subjects[0].name")]) == set()
}

test_a_subject_without_a_namespace_is_in_the_bindings if {
	binding := _unknown(_binding("shop", _view, [{"kind": "ServiceAccount"}]), "subjects[0].name")
	some res in _deny([binding])
	contains(res.message, "whether namespace shop")
}

test_something_else_that_is_not_known_does_not_matter if {
	binding := _unknown(_for(_account("shop", "web")), "role.name")
	_deny([_web, binding]) == set()
}
