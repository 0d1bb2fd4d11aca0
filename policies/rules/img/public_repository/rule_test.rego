package plimsoll.rules.img.public_repository_test

import data.plimsoll.rules.img.public_repository as rule

_deny(statement, raw) := found if {
	found := rule.deny with input as {"name": "web", "raw": raw, "attr": {"policy": {"statements": [object.union(object.remove(_public, object.keys(statement)), statement)]}}}
}

_public := {"effect": "Allow", "actions": ["ecr:BatchGetImage"], "not_actions": [], "principals": {"aws": ["*"]}, "not_principals": {}, "conditions": []}

_severity(statement, raw) := severity if {
	some res in _deny(statement, raw)
	res.path == "policy.statements[0]"
	severity := object.get(res, "severity", "critical")
}

_passes(statement) if _deny(statement, {}) == set()

_condition(key, operator, value) := {"conditions": [{"key": key, "operator": operator, "values": [value]}]}

test_anybody_may_pull if {
	some res in _deny({}, {})
	contains(res.message, "use images")
}

test_anybody_may_push if {
	some res in _deny({"actions": ["ecr:Put*"]}, {})
	contains(res.message, "change images")
	not res.severity
}

test_anybody_but_one_fails if _severity({"principals": {}, "not_principals": {"aws": ["123456789012"]}}, {}) == "critical"

test_all_actions_but_some_are_writes if {
	some res in _deny({"actions": [], "not_actions": ["ecr:Get*"]}, {})
	contains(res.message, "change images")
}

test_a_limited_statement_passes if {
	_passes(_condition("aws:PrincipalOrgID", "StringEquals", "o-1"))
	_passes(_condition("aws:PrincipalOrgPaths", "ForAnyValue:StringLike", "o-1/*"))
	_passes(_condition("aws:PrincipalArn", "ArnLike", "arn:aws:iam::123456789012:role/*"))
}

test_conditions_that_limit_nobody_fail if {
	_severity(_condition("aws:PrincipalOrgID", "StringNotEquals", "o-1"), {}) == "critical"
	_severity(_condition("aws:PrincipalOrgID", "StringEqualsIfExists", "o-1"), {}) == "critical"
	_severity(_condition("aws:PrincipalOrgID", "StringLike", "*"), {}) == "critical"
	_severity(_condition("aws:SecureTransport", "StringEquals", "true"), {}) == "critical"
}

test_a_denial_passes if {
	_passes({"effect": "Deny"})
	_passes({"effect": "Deny", "actions": ["ecr:PutImage"], "principals": {"aws": ["123456789012"]}})
}

test_a_service_passes if _passes({"principals": {"service": ["lambda.amazonaws.com"]}})

test_another_account_may_pull if _passes({"principals": {"aws": ["arn:aws:iam::123456789012:root"]}})

test_another_account_may_push if {
	_severity({"actions": ["ecr:PutImage"], "principals": {"aws": ["arn:aws:iam::123456789012:role/ci"]}}, {}) == "high"
	_severity({"actions": ["ecr:*"], "principals": {"aws": ["123456789012"]}}, {"registry_id": "210987654321"}) == "high"
}

test_the_own_account_may_push if {
	statement := {"actions": ["ecr:*"], "principals": {"aws": ["arn:aws:iam::123456789012:root"]}}
	_deny(statement, {"registry_id": "123456789012"}) == set()
}

test_an_account_that_is_not_known_passes if _passes({"actions": ["ecr:*"], "principals": {"aws": ["arn:aws:iam::${AWS::AccountId}:root"]}})
