package plimsoll.rules.pod.seccomp_profile_test

import data.plimsoll.rules.pod.seccomp_profile as rule

_workload(attr) := {
	"id": "w",
	"type": "workload",
	"name": "web",
	"namespace": "shop",
	"attr": object.union({"kind": "Deployment"}, attr),
	"unknown": {},
	"partial": {},
}

_stack(documents, links, backlinks) := {
	"documents": {d.id: d | some d in documents},
	"by_type": {
		"workload": ["w"],
		"node_group": [d.id | some d in documents; d.type == "node_group"],
	},
	"links": links,
	"backlinks": backlinks,
}

_in(stack, version) := {res |
	some res in rule.deny with input.stack as stack
		with data.plimsoll.params.pod.seccomp_profile as {"pss_version": version}
}

_with(attr, version) := _in(_stack([_workload(attr)], {}, {}), version)

_deny(effective) := _with({"containers": [{"name": "a", "effective": effective}]}, "latest")

test_nothing_written_fails if {
	some res in _deny({})
	res.path == "containers[0].effective.seccomp_type"
	not res.unknown
}

test_a_profile_passes if _deny({"seccomp_type": "RuntimeDefault"}) == set()

test_unconfined_is_another_rules_matter if _deny({"seccomp_type": "Unconfined"}) == set()

test_an_annotation_counts_before_1_27_only if {
	legacy := {"containers": [{"name": "a", "effective": {"seccomp_type": "RuntimeDefault", "seccomp_legacy": true}}]}
	count(_with(legacy, "latest")) == 1
	count(_with(legacy, "1.27")) == 1
	_with(legacy, "1.26") == set()
}

test_windows_passes if _with({"os": "windows", "containers": [{"name": "a", "effective": {}}]}, "latest") == set()

_bare := _workload({"containers": [{"name": "a", "effective": {}}]})

_group(id, attr, unknown) := {"id": id, "type": "node_group", "attr": attr, "unknown": unknown, "partial": {}}

_default := {"kubelet_config": {"seccompDefault": true}}

_on(groups) := _in(_stack(array.concat([_bare], groups), {}, {}), "latest")

test_nodes_with_a_default_will_do if {
	_on([_group("a", _default, {}), _group("b", _default, {})]) == set()
	_on([_group("a", {"user_data": "apiVersion: node.eks.aws/v1alpha1\nspec:\n  kubelet:\n    config:\n      seccompDefault: true\n"}, {})]) == set()
	_on([_group("a", {"user_data": base64.encode("[settings.kubernetes]\nseccomp-default = true\n")}, {})]) == set()
	_on([_group("a", {"user_data": "/etc/eks/bootstrap.sh c --kubelet-extra-args '--seccomp-default'"}, {})]) == set()
}

test_one_group_without_a_default_counts if {
	some res in _on([_group("a", _default, {}), _group("b", {}, {})])
	not res.unknown
}

test_nodes_that_are_not_known_yet_leave_it_open if {
	some res in _on([_group("a", _default, {}), _group("b", {}, {"kubelet_config": {"reason": "after_apply"}})])
	res.unknown
	some other in _on([_group("a", {}, {"user_data": {"reason": "after_apply"}})])
	other.unknown
}

test_only_the_groups_of_the_cluster_count if {
	documents := [_bare, {"id": "c", "type": "eks_cluster", "attr": {}}, _group("a", _default, {}), _group("b", {}, {})]
	links := {"cluster_of": {"w": [{"to": "c"}], "a": [{"to": "c"}]}}
	_in(_stack(documents, links, {"cluster_of": {"c": [{"from": "w"}, {"from": "a"}]}}), "latest") == set()
	count(_in(_stack(documents, links, {"cluster_of": {"c": [{"from": "w"}, {"from": "b"}]}}), "latest")) == 1
}

test_the_launch_template_speaks_for_the_group if {
	template := {"id": "t", "type": "launch_template", "attr": {"user_data": "seccompDefault: true"}, "unknown": {}, "partial": {}}
	links := {"launch_template_of": {"a": [{"to": "t"}]}}
	_in(_stack([_bare, _group("a", {}, {}), template], links, {}), "latest") == set()
}

_restricted(attr, groups) := {res.path |
	some res in rule.deny with input.stack as _stack(array.concat([_workload(attr)], groups), {}, {})
		with data.plimsoll.profile as "pss-restricted"
}

test_the_restricted_profile_asks_the_pod_alone if {
	_restricted({"containers": [{"name": "a"}]}, [_group("a", _default, {})]) == {"containers[0].effective.seccomp_type"}
	_restricted({"pod": {"securityContext": {"seccompProfile": {"type": "Localhost"}}}, "containers": [{"name": "a"}]}, []) == set()
	_restricted({"containers": [{"name": "a", "securityContext": {"seccompProfile": {}}}]}, []) == set()
	_restricted({"pod": {"os": {"name": "windows"}}, "containers": [{"name": "a"}]}, []) == set()
}
