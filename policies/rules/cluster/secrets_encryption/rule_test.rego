package plimsoll.rules.cluster.secrets_encryption_test

import data.plimsoll.rules.cluster.secrets_encryption as rule

_deny(attr) := {res |
	some res in rule.deny with input as {"name": "c", "attr": attr}
		with data.plimsoll.params.cluster.secrets_encryption as {"severity_override_below": "1.28"}
}

test_no_key_fails if {
	some res in _deny({"encryption": {"secrets_cmk": false}, "version": "1.33"})
	res.path == "encryption.secrets_cmk"
	not res.severity
}

test_no_key_on_an_old_version_is_worse if {
	some res in _deny({"encryption": {"secrets_cmk": false}, "version": "1.27"})
	res.severity == "high"
}

test_no_key_without_a_version_fails if {
	some res in _deny({"encryption": {"secrets_cmk": false}})
	not res.severity
}

test_a_key_passes if _deny({"encryption": {"secrets_cmk": true}, "version": "1.33"}) == set()
