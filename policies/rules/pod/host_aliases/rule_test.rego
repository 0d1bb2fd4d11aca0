package plimsoll.rules.pod.host_aliases_test

import data.plimsoll.rules.pod.host_aliases as rule

_deny(aliases) := {res | some res in rule.deny with input as {"name": "web", "attr": {"kind": "Deployment", "pod": {"hostAliases": aliases}}}}

test_an_alias_fails if {
	some res in _deny([{"ip": "10.0.0.1", "hostnames": ["db", "db.example.com"]}])
	res.path == "pod.hostAliases[0]"
	contains(res.message, "db, db.example.com to 10.0.0.1")
	not res.severity
}

test_a_name_of_amazon_is_high if {
	some res in _deny([{"ip": "10.0.0.1", "hostnames": ["db", "sts.eu-west-1.amazonaws.com"]}])
	res.severity == "high"
	some dual in _deny([{"ip": "10.0.0.1", "hostnames": ["s3.dualstack.eu-west-1.api.aws"]}])
	dual.severity == "high"
}

test_a_name_that_looks_like_it_is_not if {
	some res in _deny([{"ip": "10.0.0.1", "hostnames": ["amazonaws.com.example.com", "notamazonaws.com"]}])
	not res.severity
}

test_none_passes if {
	_deny([]) == set()
	_deny([null]) == set()
}

test_names_that_are_no_text_are_left_out if {
	some res in _deny([{"ip": "10.0.0.1", "hostnames": [7, "db", null]}])
	contains(res.message, "resolves db to")
}
