package plimsoll.rules.iam.node_role_admin_test

import data.plimsoll.rules.iam.node_role_admin

_stack(permissions, users) := {"stack": {
	"documents": {"role": {"id": "role", "name": "web", "attr": {}}, "user": {"id": "user", "attr": {}}, "policy": {"id": "policy", "attr": {}}},
	"by_type": {"iam_role": ["role"]},
	"facts": {"role_permissions": {"role": permissions}, "role_users": {"role": users}},
}}

_users := {"nodes": [{"document": "user", "path": "role"}]}

_statement(statement) := {
	"managed": [], "complete": true, "unknown": [],
	"statements": [{"document": "policy", "path": "document.statements[0]", "statement": statement}],
}

_managed(name) := {"managed": [{"name": name, "document": "role", "path": "attached[0]"}], "statements": [], "complete": true, "unknown": []}

test_administrator_access_fails_and_names_its_user if {
	some res in node_role_admin.deny with input as _stack(_managed("AdministratorAccess"), _users)
	res.document == "role"
	res.related[0].document == "user"
}

test_wildcard_statement_fails if {
	statement := {"effect": "Allow", "actions": ["*"], "resources": ["*"], "conditions": []}
	some res in node_role_admin.deny with input as _stack(_statement(statement), _users)
	res.document == "policy"
}

test_not_action_fails if {
	statement := {"effect": "Allow", "actions": [], "not_actions": ["s3:*"], "resources": ["*"], "conditions": []}
	count(node_role_admin.deny) == 1 with input as _stack(_statement(statement), _users)
}

test_condition_passes if {
	statement := {"effect": "Allow", "actions": ["*"], "resources": ["*"], "conditions": [{"operator": "Bool", "key": "k", "values": ["true"]}]}
	count(node_role_admin.deny) == 0 with input as _stack(_statement(statement), _users)
}

test_read_only_passes if {
	count(node_role_admin.deny) == 0 with input as _stack(_managed("AmazonEC2ContainerRegistryReadOnly"), _users)
}

test_role_used_by_others_passes if {
	count(node_role_admin.deny) == 0 with input as _stack(_managed("AdministratorAccess"), {"nodes": []})
}

test_unknown_permissions_are_unknown if {
	gap := {"document": "policy", "path": "document", "reason": "after_apply"}
	permissions := {"managed": [], "statements": [], "complete": false, "unknown": [gap]}
	some res in node_role_admin.deny with input as _stack(permissions, _users)
	res.unknown == "after_apply"
}

test_unknown_permissions_of_a_role_for_others_pass if {
	gap := {"document": "policy", "path": "document", "reason": "after_apply"}
	permissions := {"managed": [], "statements": [], "complete": false, "unknown": [gap]}
	count(node_role_admin.deny) == 0 with input as _stack(permissions, {"nodes": []})
}

test_one_known_grant_is_enough if {
	gap := {"document": "policy", "path": "document", "reason": "after_apply"}
	permissions := object.union(_managed("AdministratorAccess"), {"complete": false, "unknown": [gap]})
	count(node_role_admin.deny) == 1 with input as _stack(permissions, _users)
}
