package plimsoll.rules.data.unencrypted_volume_test

import data.plimsoll.rules.data.unencrypted_volume as rule

_deny(document) := {res | some res in rule.deny with input as object.union({"name": "data"}, document)}

_volume(attr) := _deny({"type": "ebs_volume", "kind": "aws_ebs_volume", "attr": attr})

_copy(written) := _deny({"type": "", "kind": "aws_ebs_snapshot_copy", "attr": {}, "raw": written})

test_an_unencrypted_volume_fails if {
	some res in _volume({"encrypted": false})
	res.path == "encrypted"
}

test_an_encrypted_volume_passes if _volume({"encrypted": true}) == set()

test_an_unencrypted_copy_fails if {
	count(_copy({"encrypted": false})) == 1
	count(_copy({})) == 1
}

test_an_encrypted_copy_passes if _copy({"encrypted": true}) == set()
