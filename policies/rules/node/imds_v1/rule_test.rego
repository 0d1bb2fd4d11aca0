package plimsoll.rules.node.imds_v1_test

import data.plimsoll.rules.node.imds_v1 as rule

_deny(kind, type, attr, unknown) := {res |
	some res in rule.deny with input as {
		"name": "n",
		"kind": kind,
		"type": type,
		"attr": attr,
		"unknown": unknown,
	}
}

_template(attr, unknown) := _deny("aws_launch_template", "launch_template", attr, unknown)

_group(attr, unknown) := _deny("aws_eks_node_group", "node_group", attr, unknown)

test_optional_tokens_fail if {
	some res in _template({"imds": {"endpoint": "enabled", "tokens": "optional"}}, {})
	res.path == "imds.tokens"
}

test_required_tokens_pass if _template({"imds": {"endpoint": "enabled", "tokens": "required"}}, {}) == set()

test_no_metadata_service_passes if _template({"imds": {"endpoint": "disabled", "tokens": "optional"}}, {}) == set()

test_a_template_that_leaves_tokens_out_fails if {
	some res in _template({"imds": {"endpoint": "enabled"}}, {"imds.tokens": {"reason": "ambiguous_default"}})
	res.path == "metadata_options"
	not res.unknown
}

test_a_cloudformation_template_is_pointed_at_where_it_has_its_options if {
	some res in _deny("AWS::EC2::LaunchTemplate", "launch_template", {"imds": {}}, {})
	res.path == "LaunchTemplateData.MetadataOptions"
}

test_a_value_that_is_not_known_yet_is_left_to_the_engine if {
	_template({"imds": {"endpoint": "enabled"}}, {"imds.tokens": {"reason": "after_apply"}}) == set()
}

test_a_managed_group_on_al2023_passes if _group({"kind": "managed", "ami_type": "AL2023_x86_64_STANDARD"}, {}) == set()

test_a_managed_group_on_bottlerocket_passes if _group({"kind": "managed", "ami_type": "BOTTLEROCKET_ARM_64"}, {}) == set()

test_a_managed_group_on_another_ami_is_unknown if {
	some res in _group({"kind": "managed", "ami_type": "AL2_x86_64"}, {})
	res.unknown
	res.path == "ami_type"
}

test_a_managed_group_without_an_ami_type_is_unknown if {
	some res in _group({"kind": "managed"}, {})
	res.unknown
}

test_a_group_with_a_launch_template_is_judged_by_that if {
	_group({"kind": "managed", "ami_type": "AL2_x86_64", "launch_template": {"name": "lt"}}, {}) == set()
	_group({"kind": "managed", "ami_type": "AL2_x86_64"}, {"launch_template.id": {"reason": "after_apply"}}) == set()
}

test_auto_mode_passes if _group({"kind": "auto_mode", "imds": {"tokens": "optional"}}, {}) == set()

test_an_eksctl_group_that_allows_v1_fails if count(_group({"kind": "managed", "ami_type": "AL2023_x86_64_STANDARD", "imds": {"tokens": "optional"}}, {})) == 1
