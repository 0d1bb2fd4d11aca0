package plimsoll.lib.secrets_test

import data.plimsoll.lib.secrets

_is_name(name) if secrets.names_secret(name)

test_names_of_secrets if {
	every name in [
		"PASSWORD", "DB_PASSWORD", "PGPASSWORD", "MYSQL_ROOT_PASSWORD_1", "db.password", "spring.datasource.password",
		"dbPassword", "ApiKey_PROD", "API_KEY", "STRIPE_APIKEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "JWT_SECRET",
		"SECRET_KEY_BASE", "CLIENT_SECRET", "DB_PWD", "authToken",
	] {
		_is_name(name)
	}
}

test_names_of_other_things if {
	every name in [
		"PWD", "OLDPWD", "TOKENIZER", "TOKEN_TTL", "DB_PASSWORD_FILE", "SECRET_NAME", "SECRET_ARN", "TOKEN_URL",
		"API_KEY_HEADER", "PASSWORD_MIN_LENGTH", "AWS_ACCESS_KEY_ID", "tokenExpiration", "COMPASS_MODE", "MODE",
	] {
		not _is_name(name)
	}
}

_literal(name, text) := secrets.literal(name, text, ["(?i)change[-_ ]?me", "^<.*>$"])

test_literals if {
	_literal("DB_PASSWORD", "hunter2") == "live"
	_literal("DB_PASSWORD", "postgres") == "live"
	_literal("DB_PASSWORD", "123456") == "live"
	_literal("API_TOKEN", "9f86d081884c7d659a2feaa0c55ad015") == "live"
	_literal("AWS_SECRET_ACCESS_KEY", "notarealsecretnotarealsecretnotarealsecr") == "live"
}

test_placeholders if {
	_literal("DB_PASSWORD", "changeme") == "placeholder"
	_literal("API_TOKEN", "<token>") == "placeholder"
	_literal("API_TOKEN", "AAAAAAAA") == "placeholder"
}

test_references_are_no_literals if {
	every text in [
		"/run/secrets/token", "./token", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x", "$(TOKEN)",
		"https://login.example.com/token", "vault:secret/data/db#password", "{{resolve:secretsmanager:x}}", "true", "",
	] {
		not _literal("API_TOKEN", text)
	}
}

test_a_name_of_an_object_is_no_literal_but_for_passwords if {
	not _literal("APP_SECRET", "shop-db-credentials")
	_literal("APP_PASSWORD", "shop-db-credentials") == "live"
}

test_a_number_is_no_token if not _literal("MAX_TOKEN", "3600")

_facts := {"any": _any, "patterns": _patterns}

_any := concat("|", [p.regex | some p in _patterns])

_patterns := [
	{"what": "a password in a URL", "regex": `[a-z]+://[^/\s:@]*:([^/\s@]{3,})@`},
	{"what": "a private key", "regex": `-----BEGIN [A-Z ]*PRIVATE KEY-----`},
]

_form(text, more) := found if {
	found := secrets.form(text, more, ["(?i)change[-_ ]?me"]) with data.plimsoll.facts.secret_patterns as _facts
}

test_form_judges_the_secret_and_not_what_is_around_it if {
	_form("postgres://u:Zt81kkQp@db/changeme", []) == {"what": "a password in a URL", "live": true}
	_form("postgres://u:changeme@db/shop", []) == {"what": "a password in a URL", "live": false}
}

test_form_without_a_group if _form("-----BEGIN PRIVATE KEY-----", []).what == "a private key"

test_form_of_ones_own if _form("corp-00ab12ef", ["^corp-"]) == {"what": "a credential", "live": true}

test_no_form if {
	not _form("postgres://db/shop", [])
	not _form(7, [])
}

test_flags if {
	secrets.flags([
		"--db-password=a1b2c3", "--token", "d4e5f6", "--verbose", "--api-key", "--dry-run",
		"export DB_PASSWORD='g7h8i9'; TOKEN_TTL=60 run",
	]) == {
		[0, "db-password", "a1b2c3"],
		[2, "token", "d4e5f6"],
		[6, "DB_PASSWORD", "g7h8i9"],
	}
}
