package plimsoll.rules.iam.aws_auth_system_masters_test

import data.plimsoll.rules.iam.aws_auth_system_masters

_mapping(principal, groups) := {"attr": {"kind": "role", "principal": principal, "groups": groups}}

test_system_masters_fails if {
	some res in aws_auth_system_masters.deny with input as _mapping("arn:aws:iam::1:role/ci", ["a", "system:masters"])
	res.path == "groups[1]"
}

test_other_groups_pass if {
	count(aws_auth_system_masters.deny) == 0 with input as _mapping("arn:aws:iam::1:role/node", ["system:nodes"])
}

test_break_glass_passes if {
	count(aws_auth_system_masters.deny) == 0 with input as _mapping("arn:aws:iam::1:role/break-glass", ["system:masters"])
}
