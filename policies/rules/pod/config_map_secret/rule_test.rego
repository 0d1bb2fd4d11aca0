package plimsoll.rules.pod.config_map_secret_test

import data.plimsoll.rules.pod.config_map_secret as rule

_patterns := {"any": "AKIA[A-Z2-7]{16}|AKIAIOSFODNN7EXAMPLE|PRIVATE KEY", "patterns": [
	{"what": "an AWS access key ID", "regex": "(AKIA[A-Z2-7]{16}|AKIAIOSFODNN7EXAMPLE)"},
	{"what": "a private key", "regex": "-----BEGIN PRIVATE KEY-----"},
]}

_with(texts, binary) := {res |
	some res in rule.deny with input as {"name": "c", "attr": {"data": texts}, "raw": {"binaryData": binary}}
		with data.plimsoll.params.pod.config_map_secret as {
			"secret_patterns": ["corp-[0-9]{8}"],
			"placeholder_patterns": ["(?i)changeme|EXAMPLE", `\$\{`],
		}
		with data.plimsoll.facts.secret_patterns as _patterns
}

_deny(texts) := _with(texts, {})

test_a_key_fails_by_its_form if {
	some res in _deny({"app.conf": "region=eu-west-1\nkey AKIAQWERTZUIOPASDFGH\n"})
	res.path == `data["app.conf"]`
	contains(res.message, "an AWS access key ID")
	not contains(res.message, "AKIA")
	not res.severity
}

test_an_example_is_information if {
	some res in _deny({"key": "AKIAIOSFODNN7EXAMPLE"})
	res.severity == "info"
}

test_a_pattern_of_ones_own_counts if count(_deny({"id": "x corp-12345678"})) == 1

test_binary_data_is_decoded if {
	some res in _with({}, {"tls.key": base64.encode("-----BEGIN PRIVATE KEY-----\nMIIE")})
	res.path == `binaryData["tls.key"]`
	_with({}, {"a": "%%%", "b": 5}) == set()
}

test_a_setting_fails_by_its_name if {
	every text in [
		"spring.datasource.password=h7Gd-22kLp",
		"db:\n  password: h7Gd-22kLp # the old one\n",
		"export DB_PASSWORD='h7Gd-22kLp'",
		"{\n  \"clientSecret\": \"h7Gd-22kLp9Xy\",\n}",
	] {
		some res in _deny({"file": text})
		res.path == "data.file"
		not contains(res.message, "h7Gd")
	}
}

test_an_entry_fails_by_its_key if {
	some res in _deny({"DB_PASSWORD": "h7Gd-22kLp"})
	res.path == "data.DB_PASSWORD"
	contains(res.message, "DB_PASSWORD")
}

test_placeholders_and_references_pass if {
	_deny({"DB_PASSWORD": "changeme"}) == set()
	_deny({"app.conf": "password=${DB_PASSWORD}\ntokenFile: /var/run/token\nsecretName: web-tls\n"}) == set()
	_deny({"a": "plain", "b": null, "c": 5}) == set()
}

test_what_is_no_text_is_not_judged if {
	_with({"password": 7, "token": null}, {"a": 7, "b": null, "c": "no base64!"}) == set()
}

test_a_name_decides_for_texts_of_no_known_form if {
	count(_deny({"db_password": "Zt81kkQp0s7"})) == 1
	_deny({"greeting": "Zt81kkQp0s7"}) == set()
	_deny({"db_password": "Zt81kkQp0s7\nand more"}) == set()
}

test_one_text_is_one_finding if count(_deny({"api_key": "AKIAQWERTZUIOPASDFGH"})) == 1

test_aws_auth_names_roles_only_where_it_is_read if {
	every namespace, problems in {"kube-system": 0, "shop": 1} {
		found := {res |
			some res in rule.deny with input as {"name": "aws-auth", "namespace": namespace, "attr": {"data": {"mapRoles": "password: h7Gd-22kLp"}}, "raw": {}}
				with data.plimsoll.params.pod.config_map_secret as {"secret_patterns": [], "placeholder_patterns": []}
				with data.plimsoll.facts.secret_patterns as _patterns
		}
		count(found) == problems
	}
}

test_another_map_of_kube_system_is_read if {
	found := {res |
		some res in rule.deny with input as {"name": "coredns", "namespace": "kube-system", "attr": {"data": {"a": "password: h7Gd-22kLp"}}, "raw": {}}
			with data.plimsoll.params.pod.config_map_secret as {"secret_patterns": [], "placeholder_patterns": []}
			with data.plimsoll.facts.secret_patterns as _patterns
	}
	count(found) == 1
}
