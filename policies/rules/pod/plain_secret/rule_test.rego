package plimsoll.rules.pod.plain_secret_test

import data.plimsoll.rules.pod.plain_secret as rule

_patterns := {"any": concat("|", [p.regex | some p in _forms]), "patterns": _forms}

_forms := [
	{"what": "an AWS access key ID", "regex": `\b(AKIA[A-Z0-9]{16})\b`},
	{"what": "a private key", "regex": `-----BEGIN [A-Z ]*PRIVATE KEY-----`},
	{"what": "a password in a URL", "regex": `[a-z]+://[^/\s:@]*:([^/\s@]{3,})@`},
]

_params := {
	"secret_patterns": ["^corp-[0-9a-f]{8}$"],
	"placeholder_patterns": [`(?i)change[-_ ]?me|example`, `\$\{[^}]*\}`, "^<.*>$"],
}

_input(attr, unknown) := {
	"name": "web",
	"attr": object.union({"kind": "Deployment"}, attr),
	"unknown": unknown,
}

_deny(attr) := {res |
	some res in rule.deny with input as _input(attr, {})
		with data.plimsoll.params.pod.plain_secret as _params
		with data.plimsoll.facts.secret_patterns as _patterns
}

_env(name, value) := _deny({"containers": [{"name": "a", "env": [{"name": "MODE", "value": "fast"}, {"name": name, "value": value}]}]})

_live(name, value) if {
	some res in _env(name, value)
	res.path == "containers[0].env[1].value"
	not res.severity
	not contains(res.message, value)
}

_info(name, value) if {
	some res in _env(name, value)
	res.severity == "info"
}

test_a_password_fails if _live("DB_PASSWORD", "hunter2correct")

test_a_known_form_fails_under_any_name if _live("KEY_ID", "AKIAQYLPMN5HFIQR7XYA")

test_a_form_of_ones_own_fails if _live("LICENSE", "corp-00ab12ef")

test_a_password_in_a_url_fails if _live("DATABASE_URL", "postgres://shop:s3cr3tpw@db:5432/shop")

test_one_finding_where_form_and_name_agree if count(_env("AWS_SECRET", "AKIAQYLPMN5HFIQR7XYA")) == 1

test_an_example_is_information if _info("KEY_ID", "AKIAIOSFODNN7EXAMPLE")

test_a_placeholder_is_information if {
	_info("API_KEY", "change-me")
	_info("DB_PASSWORD", "<your password>")
	_info("DB_PASSWORD", "xxxxxxxxxx")
}

test_a_reference_passes if {
	_env("DB_PASSWORD_FILE", "/run/secrets/db") == set()
	_env("DB_PASSWORD", "$(DB_PASSWORD_FROM_STORE)") == set()
	_env("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db") == set()
	_env("APP_SECRET", "my-app-secret") == set()
}

test_a_value_from_a_secret_passes if {
	env := [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}]
	_deny({"containers": [{"name": "a", "env": env}]}) == set()
}

test_a_text_without_a_name_that_says_credential_passes if {
	_env("GREETING", "Zt81kkQp0s7") == set()
}

test_other_fields_are_not_judged if {
	_deny({"containers": [{"name": "a", "note": ["--db-password=Zt81kkQp0s7", "AKIAQYLPMN5HFIQR7XYA"]}]}) == set()
}

test_arguments_fail if {
	found := _deny({"containers": [{
		"name": "a",
		"command": ["/bin/sh", "-c", "API_TOKEN=Zt81kkQp0s7 run"],
		"args": ["--db-password=Zt81kkQp0s7", "--api-key", "Zt81kkQp0s7", "--token-ttl=3600"],
	}]})
	{res.path | some res in found} == {
		"containers[0].command[2]",
		"containers[0].args[0]",
		"containers[0].args[2]",
	}
}

test_an_annotation_fails_by_its_form_or_name if {
	found := _deny({"annotations": {
		"example.com/key": "-----BEGIN RSA PRIVATE KEY-----",
		"example.com/db-password": "hunter2correct",
	}})
	{res.path | some res in found} == {"annotations[\"example.com/key\"]", "annotations[\"example.com/db-password\"]"}
}

test_annotations_about_secrets_pass if {
	_deny({"annotations": {
		"vault.hashicorp.com/agent-inject-token": "kv/data/App1",
		"vault.hashicorp.com/agent-inject-secret-db": "Zt81kkQp0s7",
		"checksum/secret": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
		"example.com/client-secret": "kv/team/App1",
		"example.com/api-token": "change-me-please",
		"example.com/password-file": "hunter2correct",
		"example.com/auth-token": "in Store 7",
	}}) == set()
}

test_a_value_that_is_not_known_yet_is_unknown if {
	attr := {"containers": [{"name": "a", "env": [{"name": "DB_PASSWORD"}, {"name": "DB_HOST"}]}]}
	unknown := {
		"containers[0].env[0].value": {"reason": "after_apply"},
		"containers[0].env[1].value": {"reason": "after_apply"},
	}
	found := {res |
		some res in rule.deny with input as _input(attr, unknown)
			with data.plimsoll.params.pod.plain_secret as _params
			with data.plimsoll.facts.secret_patterns as _patterns
	}
	{res.path | some res in found; res.unknown} == {"containers[0].env[0].value"}
}

test_a_known_form_in_arguments_fails if {
	found := _deny({"containers": [{"name": "a", "args": ["--key-id", "AKIAQYLPMN5HFIQR7XYA"]}]})
	{res.path | some res in found} == {"containers[0].args[1]"}
}
