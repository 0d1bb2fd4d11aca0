package plimsoll.rules.node.ssh_open_test

import data.plimsoll.rules.node.ssh_open as rule

_path := "remote_access.source_security_groups"

_deny(access, unknown, partial) := {res |
	some res in rule.deny with input as {
		"name": "n",
		"attr": {"remote_access": access},
		"unknown": unknown,
		"partial": partial,
	}
}

test_a_key_without_source_groups_fails if {
	some res in _deny({"enabled": true, "source_security_groups": []}, {}, {})
	res.path == "remote_access.enabled"
}

test_a_source_group_passes if _deny({"enabled": true, "source_security_groups": ["sg-1"]}, {}, {}) == set()

test_a_reference_to_a_source_group_passes if {
	_deny({"enabled": true}, {_path: {"reason": "after_apply", "refs": ["tf:plan#aws_security_group.bastion"]}}, {}) == set()
}

test_a_list_with_an_unknown_group_passes if {
	_deny({"enabled": true, "source_security_groups": []}, {}, {_path: "after_apply"}) == set()
}

test_a_list_that_may_be_empty_does_not_pass if {
	count(_deny({"enabled": true}, {_path: {"reason": "parameter_without_value"}}, {})) == 1
}

test_no_remote_access_passes if _deny({"enabled": false, "source_security_groups": []}, {}, {}) == set()
