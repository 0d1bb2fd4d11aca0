package plimsoll.rules.path.exposed_admin_role_test

import data.plimsoll.rules.path.exposed_admin_role

_stack(permissions, exposure) := {"stack": {
	"documents": {
		"w": {"id": "w", "name": "web", "namespace": "shop", "attr": {"kind": "Deployment"}},
		"sa": {"id": "sa", "name": "web", "attr": {}},
		"role": {"id": "role", "name": "shop-web", "attr": {}},
		"svc": {"id": "svc", "name": "web", "attr": {}},
	},
	"by_type": {"workload": ["w"]},
	"links": {
		"sa_of": {"w": [{"to": "sa", "via": "value"}]},
		"role_of": {"sa": [{"to": "role", "via": "value"}]},
	},
	"facts": {"role_permissions": {"role": permissions}, "exposure": {"w": exposure}},
}}

_exposed := [{"chain": ["svc"], "kind": "service", "via": "value"}]

_admin := {"managed": [{"name": "AdministratorAccess", "document": "role", "path": ""}], "statements": [], "complete": true, "unknown": []}

test_exposed_admin_fails_and_lists_the_steps if {
	some res in exposed_admin_role.deny with input as _stack(_admin, _exposed)
	[place.document | some place in res.related] == ["svc", "sa", "role"]
}

test_internal_workload_passes if {
	count(exposed_admin_role.deny) == 0 with input as _stack(_admin, [])
}

test_modest_role_passes if {
	count(exposed_admin_role.deny) == 0 with input as _stack({"managed": [], "statements": [], "complete": true, "unknown": []}, _exposed)
}

test_unknown_permissions_are_unknown if {
	gap := {"document": "role", "path": "attached", "reason": "after_apply"}
	permissions := {"managed": [], "statements": [], "complete": false, "unknown": [gap]}
	some res in exposed_admin_role.deny with input as _stack(permissions, _exposed)
	res.unknown == "after_apply"
}
