package plimsoll.rules.reli.single_zone_test

import data.plimsoll.rules.reli.single_zone as rule

_group(id, more) := object.union({"id": id, "name": id, "format": "terraform-plan", "refs": [], "unknown": {}, "partial": {}, "attr": {"kind": "managed", "cluster": "main"}}, more)

_subnet(id, az) := {"id": id, "type": "subnet", "attr": {"az": az}}

_docs := {"a": _subnet("a", "eu-west-1a"), "b": _subnet("b", "eu-west-1b"), "x": {"id": "x", "type": "subnet", "attr": {}}, "v": {"id": "v", "type": "vpc", "attr": {"az": "eu-west-1c"}}}

_refs(ids) := [{"path": "subnet_ids", "to": sprintf("tf:%s", [id])} | some id in ids]

_found(groups) := found if {
	found := rule.deny with input as {"stack": {
		"documents": object.union(_docs, {g.id: g | some g in groups}),
		"by_type": {"node_group": [g.id | some g in groups]},
		"links": {"cluster_of": {}},
	}}
}

_fails(groups) if {
	found := _found(groups)
	count(found) == count(groups)
	every res in found {
		res.path == "subnets"
		not res.unknown
	}
}

_unknown(groups) if {
	found := _found(groups)
	count(found) == count(groups)
	every res in found {
		res.unknown
	}
}

test_one_zone_fails if {
	_fails([_group("g", {"refs": _refs(["a"])})])
	some res in _found([_group("g", {"refs": _refs(["a"])})])
	contains(res.message, "eu-west-1a")
	_fails([_group("g", {"attr": {"zones": ["eu-west-1a"]}})])
	_fails([_group("g", {"refs": _refs(["a", "v"])})])
	_fails([_group("g", {"refs": _refs(["a"]), "attr": {"kind": "self_managed"}})])
}

test_one_subnet_fails_in_whatever_zone if {
	_fails([_group("g", {"attr": {"subnets": ["subnet-1"]}})])
	some res in _found([_group("g", {"attr": {"subnets": ["subnet-1"]}})])
	endswith(res.message, "Availability Zone")
}

test_two_zones_pass if {
	_found([_group("g", {"refs": _refs(["a", "b"])})]) == set()
	_found([_group("g", {"attr": {"zones": ["eu-west-1a", "eu-west-1b"]}})]) == set()
}

test_groups_of_a_cluster_count_together if {
	_found([_group("g", {"refs": _refs(["a"])}), _group("h", {"refs": _refs(["b"])})]) == set()
	_fails([_group("g", {"refs": _refs(["a"])}), _group("h", {"refs": _refs(["a"])})])
	_fails([_group("g", {"refs": _refs(["a"])}), _group("h", {"refs": _refs(["b"]), "attr": {"cluster": "other"}})])
}

test_groups_linked_to_one_cluster_count_together if {
	g := _group("g", {"refs": _refs(["a"])})
	h := _group("h", {"refs": _refs(["b"]), "attr": {"cluster": "other"}})
	found := rule.deny with input as {"stack": {
		"documents": object.union(_docs, {"g": g, "h": h, "c": {"id": "c"}}),
		"by_type": {"node_group": ["g", "h"]},
		"links": {"cluster_of": {"g": [{"to": "c"}], "h": [{"to": "c"}]}},
	}}
	found == set()
}

test_subnets_of_unknown_zones_are_unknown if {
	_unknown([_group("g", {"attr": {"subnets": ["subnet-1", "subnet-2"]}})])
	_unknown([_group("g", {"refs": _refs(["a", "x"])})])
	_unknown([_group("g", {"attr": {"subnets": ["subnet-1"]}}), _group("h", {"attr": {"subnets": ["subnet-2"]}})])
	_unknown([_group("g", {"attr": {"subnets": ["subnet-1"]}}), _group("h", {"refs": _refs(["a"])})])
	_unknown([_group("g", {})])
	_unknown([_group("g", {"attr": {"zones": ["eu-west-1a", null]}, "partial": {"zones": "after_apply"}})])
	_unknown([_group("g", {"attr": {"zones": ["eu-west-1a"]}, "unknown": {"zones[1]": {"reason": "after_apply"}}})])
}

test_eksctl_spreads_groups if {
	_found([_group("g", {"format": "eksctl"})]) == set()
	_fails([_group("g", {"format": "eksctl", "attr": {"subnets": ["one"]}})])
	_fails([_group("g", {"format": "eksctl", "attr": {"zones": ["eu-west-1a"]}})])
}

test_karpenter_is_not_judged if _found([_group("g", {"refs": _refs(["a"]), "attr": {"kind": "karpenter"}})]) == set()
