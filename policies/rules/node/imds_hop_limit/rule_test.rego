package plimsoll.rules.node.imds_hop_limit_test

import data.plimsoll.rules.node.imds_hop_limit as rule

_deny(type, attr, unknown) := _limited(type, attr, unknown, 1)

_limited(type, attr, unknown, limit) := {res |
	some res in rule.deny with input as {"name": "n", "type": type, "attr": attr, "unknown": unknown}
		with data.plimsoll.params.node.imds_hop_limit as {"max_hop_limit": limit}
}

test_two_hops_fail if {
	some res in _deny("launch_template", {"imds": {"hop_limit": 2}}, {})
	res.path == "imds.hop_limit"
}

test_one_hop_passes if _deny("launch_template", {"imds": {"hop_limit": 1}}, {}) == set()

test_a_launch_template_that_leaves_it_out_passes if _deny("launch_template", {"imds": {}}, {}) == set()

test_a_managed_group_without_a_launch_template_fails if {
	some res in _deny("node_group", {"kind": "managed"}, {})
	res.path == "launch_template"
}

test_a_managed_group_with_a_launch_template_passes if {
	_deny("node_group", {"kind": "managed", "launch_template": {"id": "lt-1"}}, {}) == set()
}

test_a_managed_group_whose_limit_is_not_known_yet_is_left_to_the_engine if {
	_deny("node_group", {"kind": "managed"}, {"imds.hop_limit": {"reason": "after_apply"}}) == set()
}

test_the_limit_is_a_parameter if {
	_limited("launch_template", {"imds": {"hop_limit": 2}}, {}, 2) == set()
	_limited("node_group", {"kind": "managed"}, {}, 2) == set()
}

test_no_metadata_service_passes if _deny("launch_template", {"imds": {"endpoint": "disabled", "hop_limit": 2}}, {}) == set()

test_auto_mode_passes if _deny("node_group", {"kind": "auto_mode", "imds": {"hop_limit": 2}}, {}) == set()
