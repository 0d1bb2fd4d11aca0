package plimsoll.rules.data.storage_class_encryption_test

import data.plimsoll.rules.data.storage_class_encryption as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "gp3", "attr": attr}}

test_nothing_written_fails if {
	some res in _deny({"provisioner": "ebs.csi.aws.com"})
	res.path == "encrypted"
}

test_false_fails_with_auto_mode_too if count(_deny({"provisioner": "ebs.csi.eks.amazonaws.com", "encrypted": false})) == 1

test_text_that_is_no_boolean_fails if count(_deny({"provisioner": "ebs.csi.aws.com", "encrypted": "yes"})) == 1

test_true_passes if _deny({"provisioner": "ebs.csi.aws.com", "encrypted": true}) == set()

test_another_driver_passes if _deny({"provisioner": "efs.csi.aws.com"}) == set()
