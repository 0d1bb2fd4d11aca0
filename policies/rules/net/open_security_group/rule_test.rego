package plimsoll.rules.net.open_security_group_test

import data.plimsoll.rules.net.open_security_group

_group(rules, tags, unknown) := {"id": "sg", "name": "workers", "unknown": unknown, "partial": {}, "attr": {"rules": rules, "tags": tags}}

_tags := {"kubernetes.io/cluster/harbour": "owned"}

_stack(group) := {"stack": {"documents": {"sg": group}, "by_type": {"security_group": ["sg"]}}}

_open := {"direction": "ingress", "protocol": "-1", "from_port": 0, "to_port": 0, "cidrs": ["10.0.0.0/8", "0.0.0.0/0"]}

test_all_traffic_from_the_world_fails if {
	some res in open_security_group.deny with input as _stack(_group([_open], _tags, {}))
	res.path == "rules[0].cidrs[1]"
}

test_ipv6_and_a_wide_span_fail if {
	rule := {"direction": "ingress", "protocol": "tcp", "from_port": 1024, "to_port": 65535, "ipv6_cidrs": ["::/0"]}
	some res in open_security_group.deny with input as _stack(_group([rule], _tags, {}))
	res.path == "rules[0].ipv6_cidrs[0]"
}

test_one_port_passes if {
	rule := {"direction": "ingress", "protocol": "tcp", "from_port": 443, "to_port": 443, "cidrs": ["0.0.0.0/0"]}
	count(open_security_group.deny) == 0 with input as _stack(_group([rule], _tags, {}))
}

test_group_of_something_else_passes if {
	count(open_security_group.deny) == 0 with input as _stack(_group([_open], {}, {}))
}

test_group_attached_to_nodes_and_separate_rule_fail if {
	stack := {"stack": {
		"documents": {
			"sg": _group([], {}, {}),
			"rule": {"id": "rule", "unknown": {}, "partial": {}, "attr": _open},
			"lt": {"id": "lt", "attr": {}},
		},
		"by_type": {"security_group": ["sg"]},
		"links": {"rules_of": {"sg": [{"to": "rule", "via": "reference"}]}},
		"backlinks": {"security_groups_of": {"sg": [{"from": "lt", "via": "reference"}]}},
	}}
	some res in open_security_group.deny with input as stack
	res.document == "rule"
	res.related[0].document == "lt"
}

test_egress_passes if {
	rule := object.union(_open, {"direction": "egress"})
	count(open_security_group.deny) == 0 with input as _stack(_group([rule], _tags, {}))
}

test_unknown_source_is_unknown if {
	rule := {"direction": "ingress", "protocol": "-1", "from_port": 0, "to_port": 0, "cidrs": ["10.0.0.0/8", null]}
	group := object.union(_group([rule], _tags, {}), {"partial": {"rules[0].cidrs": "after_apply"}})
	some res in open_security_group.deny with input as _stack(group)
	res.unknown
}

test_known_open_source_beside_an_unknown_one_fails if {
	rule := {"direction": "ingress", "protocol": "-1", "from_port": 0, "to_port": 0, "cidrs": ["0.0.0.0/0", null]}
	group := object.union(_group([rule], _tags, {}), {"partial": {"rules[0].cidrs": "after_apply"}})
	results := open_security_group.deny with input as _stack(group)
	every res in results {
		not res.unknown
	}
}

test_tag_key_made_of_a_reference_counts if {
	unknown := {"tags": {"reason": "runtime_ref", "template": "kubernetes.io/cluster/${Cluster}"}}
	count(open_security_group.deny) == 1 with input as _stack(_group([_open], {}, unknown))
}

_hidden(rule, tags, unknown) := found if {
	group := object.union(_group([object.union({"direction": "ingress", "protocol": "-1", "from_port": 0, "to_port": 0}, rule)], tags, unknown), {"partial": {"rules[0].cidrs": "after_apply"}})
	found := open_security_group.deny with input as _stack(group)
}

test_unknown_sources_that_do_not_matter_pass if {
	count(_hidden({}, _tags, {})) == 1
	_hidden({}, {"Name": "other"}, {}) == set()
	_hidden({"direction": "egress"}, _tags, {}) == set()
	_hidden({"protocol": "tcp", "from_port": 443, "to_port": 443}, _tags, {}) == set()
	_hidden({"ipv6_cidrs": ["::/0"]}, _tags, {}) == {res | some res in _hidden({"ipv6_cidrs": ["::/0"]}, _tags, {}); not res.unknown}
}

test_unknown_ports_are_no_unknown_sources if {
	rule := {"direction": "ingress", "protocol": "-1", "from_port": 0, "to_port": 0, "cidrs": ["10.0.0.0/8"]}
	group := object.union(_group([rule], _tags, {}), {"partial": {"rules[0].prefix_lists": "after_apply"}})
	count(open_security_group.deny) == 0 with input as _stack(group)
}

test_other_tags_pass if {
	count(open_security_group.deny) == 0 with input as _stack(_group([_open], {"Name": "database"}, {}))
	unknown := {"tags": {"reason": "runtime_ref", "template": "team/${Team}"}}
	count(open_security_group.deny) == 0 with input as _stack(_group([_open], {}, unknown))
}

test_the_least_span_fails if {
	rule := {"direction": "ingress", "protocol": "tcp", "from_port": 1, "to_port": 1000, "cidrs": ["0.0.0.0/0"]}
	count(open_security_group.deny) == 1 with input as _stack(_group([rule], _tags, {})) with data.plimsoll.params.net.open_security_group as {"min_span": 1000}
	count(open_security_group.deny) == 0 with input as _stack(_group([rule], _tags, {})) with data.plimsoll.params.net.open_security_group as {"min_span": 1001}
}
