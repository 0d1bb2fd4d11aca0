package plimsoll.rules.rbac.edit_aws_auth_test

import data.plimsoll.rules.rbac.edit_aws_auth as rule

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

_role(namespace, names) := _doc("role", "rbac_role", namespace, {
	"cluster_scoped": namespace == "",
	"rules": [
		{"api_groups": [""], "resources": ["pods"], "verbs": ["update"]},
		{"api_groups": [""], "resources": ["secrets", "configmaps"], "verbs": ["update"], "resource_names": names},
	],
})

_binding(id, namespace) := _doc(id, "rbac_binding", namespace, {"cluster_scoped": namespace == ""})

_cluster(id, mode) := _doc(id, "eks_cluster", "", {"access": {"authentication_mode": mode}})

_bound(binding) := ["rbac_role_of", binding, "role"]

test_all_config_maps_of_kube_system_are_critical if {
	some res in _deny([_role("kube-system", [])], [])
	res.severity == "critical"
	res.path == "rules[1].resources[1]"
	contains(res.message, `Role "role" may change every ConfigMap`)
	not res.unknown
}

test_aws_auth_by_name_is_critical if {
	every namespace in ["", "kube-system"] {
		some res in _deny([_role(namespace, ["coredns", "aws-auth"])], [])
		res.severity == "critical"
		endswith(res.message, "may change the ConfigMap aws-auth")
	}
}

test_another_name_passes if _deny([_role("kube-system", ["coredns"])], []) == set()

test_another_namespace_passes if {
	_deny([_role("shop", [])], []) == set()
	_deny([_role("shop", ["aws-auth"])], []) == set()
}

test_a_cluster_role_is_high if {
	some res in _deny([_role("", [])], [])
	res.severity == "high"
}

test_a_cluster_role_bound_everywhere_or_there_fails if {
	every namespace in ["", "kube-system"] {
		count(_deny([_role("", []), _binding("shop", "shop"), _binding("b", namespace)], [_bound("b"), _bound("shop")])) == 1
	}
}

test_a_cluster_role_bound_elsewhere_passes if _deny([_role("", []), _binding("b", "shop")], [_bound("b")]) == set()

test_access_entries_alone_pass if {
	_deny([_role("kube-system", []), _cluster("c", "API")], []) == set()
	_deny([_role("kube-system", []), _cluster("c", "API")], [["cluster_of", "role", "c"]]) == set()
}

test_some_cluster_that_reads_the_map_is_enough if {
	count(_deny([_role("kube-system", []), _cluster("c", "API"), _cluster("d", "CONFIG_MAP")], [])) == 1
}

test_only_the_roles_own_cluster_counts if {
	docs := [_role("kube-system", []), _cluster("c", "API"), _cluster("d", "CONFIG_MAP")]
	_deny(docs, [["cluster_of", "role", "c"]]) == set()
	count(_deny(docs, [["cluster_of", "role", "d"]])) == 1
}

test_a_cluster_without_a_mode_counts if {
	count(_deny([_role("kube-system", []), _cluster("c", "API"), _doc("d", "eks_cluster", "", {})], [])) == 1
}

test_a_mode_that_is_not_known_is_unknown if {
	cluster := _unknown(_doc("c", "eks_cluster", "", {"access": {}}), "access.authentication_mode")
	some res in _deny([_role("kube-system", []), cluster], [])
	res.unknown
}

test_names_that_are_not_known_are_unknown if {
	some res in _deny([_unknown(_role("kube-system", [null]), "rules[1].resource_names[0]")], [])
	res.unknown
	contains(res.message, "perhaps aws-auth")
}

test_verbs_that_are_not_known_are_unknown if {
	role := _doc("role", "rbac_role", "kube-system", {
		"cluster_scoped": false,
		"rules": [{"api_groups": [""], "resources": ["configmaps"]}],
	})
	some res in _deny([_unknown(role, "rules[0].verbs")], [])
	res.unknown
}

test_rules_that_are_not_known_are_unknown if {
	some res in _deny([_unknown(_doc("role", "rbac_role", "kube-system", {"cluster_scoped": false}), "rules")], [])
	res.unknown == "after apply"
	res.path == "rules"
	_deny([_unknown(_doc("role", "rbac_role", "shop", {"cluster_scoped": false}), "rules")], []) == set()
	_deny([_doc("role", "rbac_role", "kube-system", {"cluster_scoped": false})], []) == set()
}

_everything(resources, verbs) := [{"api_groups": [""], "resources": resources, "verbs": verbs}]

test_every_verb_on_everything_is_another_rules_matter if {
	_deny([_doc("role", "rbac_role", "", {"cluster_scoped": true, "rules": _everything(["*"], ["*"])})], []) == set()
	count(_deny([_doc("role", "rbac_role", "", {"cluster_scoped": true, "rules": _everything(["*"], ["patch"])})], [])) == 1
	count(_deny([_doc("role", "rbac_role", "", {"cluster_scoped": true, "rules": _everything(["configmaps"], ["*"])})], [])) == 1
	count(_deny([_doc("role", "rbac_role", "kube-system", {"cluster_scoped": false, "rules": _everything(["*"], ["*"])})], [])) == 1
}

test_a_role_of_kubernetes_itself_passes if {
	role := object.union(_role("kube-system", []), {"attr": {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}})
	_deny([role], []) == set()
}

test_a_cluster_that_reads_the_map_settles_it if {
	open := _unknown(_doc("c", "eks_cluster", "", {"access": {}}), "access.authentication_mode")
	some res in _deny([_role("kube-system", []), open, _cluster("d", "API_AND_CONFIG_MAP")], [])
	not res.unknown
}
