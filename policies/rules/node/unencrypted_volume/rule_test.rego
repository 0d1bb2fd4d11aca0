package plimsoll.rules.node.unencrypted_volume_test

import data.plimsoll.rules.node.unencrypted_volume as rule

_paths(attr, unknown, require_cmk) := {res.path |
	some res in rule.deny with input as {"name": "n", "type": "launch_template", "attr": attr, "unknown": unknown, "partial": {}}
		with data.plimsoll.params.node.unencrypted_volume as {"require_cmk": require_cmk}
}

test_an_unencrypted_volume_fails if {
	_paths({"volumes": [{"device": "/dev/xvda", "encrypted": true}, {"encrypted": false}]}, {}, false) == {"volumes[1].encrypted"}
}

test_an_encrypted_volume_passes if _paths({"volumes": [{"device": "/dev/xvda", "encrypted": true}]}, {}, false) == set()

test_no_key_of_ones_own_fails_where_one_is_required if {
	_paths({"volumes": [{"device": "/dev/xvda", "encrypted": true}]}, {}, true) == {"volumes[0].kms_key"}
}

test_a_key_of_ones_own_passes if {
	_paths({"volumes": [{"encrypted": true, "kms_key": "arn:aws:kms:eu-west-1:111122223333:key/1"}]}, {}, true) == set()
}

test_a_reference_to_a_key_passes if {
	unknown := {"volumes[0].kms_key": {"reason": "after_apply", "refs": ["tf:plan#aws_kms_key.nodes"]}}
	_paths({"volumes": [{"encrypted": true}]}, unknown, true) == set()
}

test_auto_mode_passes if _paths({"kind": "auto_mode", "volumes": [{"encrypted": false}]}, {}, false) == set()
