package plimsoll.rules.rbac.cluster_wide_account_test

import data.plimsoll.rules.rbac.cluster_wide_account as rule

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

_deny(docs, links) := {res |
	some res in rule.deny with input.stack as _stack(docs, links, {})
		with data.plimsoll.params.rbac.cluster_wide_account as {"controller_namespaces": ["kube-*"]}
}

_role(rules) := _doc("role", "rbac_role", "", {"cluster_scoped": true, "rules": rules})

_binding(namespace) := _doc("b", "rbac_binding", "", {
	"cluster_scoped": true, "role": {"kind": "ClusterRole", "name": "role"},
	"subjects": [
		{"kind": "Group", "name": "ops"},
		{"kind": "ServiceAccount", "name": "web", "namespace": namespace},
	],
})

_bound := [["rbac_role_of", "b", "role"]]

_pods := {"api_groups": ["", "apps"], "resources": ["pods/log", "deployments"], "verbs": ["get"]}

test_an_account_of_a_tenant_fails if {
	some res in _deny([_role([_pods]), _binding("shop")], _bound)
	res.path == "subjects[1]"
	contains(res.message, "shop/web the role role in every namespace")
	{place.document | some place in res.related} == {"role"}
	not res.unknown
}

test_an_account_of_a_controller_passes if _deny([_role([_pods]), _binding("kube-system")], _bound) == set()

test_an_account_without_a_namespace_passes if _deny([_role([_pods]), _binding("")], _bound) == set()

test_a_role_that_is_not_here_passes if _deny([_binding("shop")], []) == set()

test_a_role_without_rules_passes if _deny([_role([]), _binding("shop")], _bound) == set()

test_what_has_no_namespace_needs_the_cluster if {
	every rule in [
		{"api_groups": [""], "resources": ["nodes"], "verbs": ["get"]},
		{"api_groups": [""], "resources": ["*"], "verbs": ["get"]},
		{"api_groups": ["example.com"], "resources": ["widgets"], "verbs": ["get"]},
		{"non_resource_urls": ["/metrics"], "verbs": ["get"]},
	] {
		_deny([_role([_pods, rule]), _binding("shop")], _bound) == set()
	}
}

_definition(scope) := object.union(_doc("crd", "", "", {}), {
	"kind": "apiextensions.k8s.io/v1/CustomResourceDefinition",
	"raw": {"spec": {"group": "example.com", "scope": scope, "names": {"plural": "widgets"}}},
})

test_a_definition_tells_where_its_resources_live if {
	role := _role([{"api_groups": ["example.com"], "resources": ["widgets"], "verbs": ["get"]}])
	count(_deny([role, _binding("shop"), _definition("Namespaced")], _bound)) == 1
	_deny([role, _binding("shop"), _definition("Cluster")], _bound) == set()
}

_named(kind, name) := object.union(_binding("shop"), {"attr": {"role": {"kind": kind, "name": name}}})

test_roles_made_for_namespaces_fail if {
	count(_deny([_named("ClusterRole", "view")], [])) == 1
	count(_deny([_named("ClusterRole", "edit")], [])) == 1
	_deny([_named("Role", "view")], []) == set()
	_deny([_named("ClusterRole", "system:discovery")], []) == set()
}

test_a_role_binding_passes if {
	_deny([_role([_pods]), object.union(_binding("shop"), {"attr": {"cluster_scoped": false}})], _bound) == set()
}

test_the_user_name_of_an_account_fails if {
	binding := object.union(_binding(""), {"attr": {"subjects": [{"kind": "User", "name": "system:serviceaccount:shop:web"}]}})
	count(_deny([_role([_pods]), binding], _bound)) == 1
}

test_resources_that_are_not_known_are_unknown if {
	role := _unknown(_role([_pods, {"api_groups": [""], "resources": [null], "verbs": ["get"]}]), "rules[1].resources[0]")
	some res in _deny([role, _binding("shop")], _bound)
	res.unknown
}

test_a_namespace_that_is_not_known_is_unknown if {
	some res in _deny([_role([_pods]), _unknown(_binding(""), "subjects[1].namespace")], _bound)
	res.unknown == "after apply"
	res.path == "subjects[1].namespace"
}

test_it_does_not_matter_where_the_role_needs_the_cluster if {
	role := _role([{"api_groups": [""], "resources": ["nodes"], "verbs": ["get"]}])
	_deny([role, _unknown(_binding(""), "subjects[1].namespace")], _bound) == set()
}

test_it_does_not_matter_for_a_group_or_a_role_binding if {
	_deny([_role([_pods]), _unknown(_binding("kube-system"), "subjects[0].name")], _bound) == set()
	binding := object.union(_binding(""), {"attr": {"cluster_scoped": false}})
	_deny([_role([_pods]), _unknown(binding, "subjects[1].namespace")], _bound) == set()
}
