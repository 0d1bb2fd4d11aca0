package plimsoll.lib.rbac_test

import data.plimsoll.lib.rbac

_role(rules, unknown) := {"id": "role", "attr": {"cluster_scoped": true, "rules": rules}, "unknown": unknown, "partial": {}}

_configmaps(group, resource) := [{"api_groups": [group], "resources": [resource], "verbs": ["patch"]}]

_may(role) := rbac.may(role, 0, "", {"configmaps"}, {"patch", "update"})

test_may if {
	_may(_role(_configmaps("", "configmaps"), {})) == "yes"
	_may(_role(_configmaps("*", "configmaps"), {})) == "yes"
	_may(_role(_configmaps("", "*"), {})) == "yes"
	_may(_role(_configmaps("*", "*"), {})) == "no"
	_may(_role(_configmaps("", "secrets"), {})) == "no"
}

test_may_perhaps if {
	role := _role([{"api_groups": [""], "resources": ["configmaps"]}], {"rules[0].verbs": {"reason": "after_apply"}})
	_may(role) == "perhaps"
}

test_place if {
	role := _role([{"resources": ["pods", "configmaps"]}], {})
	rbac.place(role, 0, {"configmaps"}) == "rules[0].resources[1]"
	rbac.place(role, 0, {"secrets"}) == "rules[0]"
}

test_writes if {
	rbac.writes(_role([{"verbs": ["get", "list", "watch"]}], {}), 0) == "no"
	rbac.writes(_role([{"verbs": ["get", "create"]}], {}), 0) == "yes"
	rbac.writes(_role([{"verbs": ["get", null]}], {"rules[0].verbs[1]": {"reason": "after_apply"}}), 0) == "perhaps"
}

_is_namespaced(rules, unknown) := answer if {
	answer := rbac.is_namespaced(_role(rules, unknown)) with input.stack as {"by_kind": {}, "documents": {}}
}

test_is_namespaced if {
	_is_namespaced([{"api_groups": ["", "apps"], "resources": ["pods/log", "deployments"]}], {}) == "yes"
	_is_namespaced([{"api_groups": [""], "resources": ["pods", "nodes"]}], {}) == "no"
	_is_namespaced([{"api_groups": ["apps"], "resources": ["*"]}], {}) == "no"
	_is_namespaced([{"non_resource_urls": ["/metrics"]}], {}) == "no"
	_is_namespaced([], {}) == "no"
}

test_what_is_not_known_may_be_anything if {
	unknown := {"rules[0].resources[0]": {"reason": "after_apply"}}
	_is_namespaced([{"api_groups": [""], "resources": [null]}], unknown) == "perhaps"
	_is_namespaced([{"api_groups": [null], "resources": ["pods"]}], {"rules[0].api_groups[0]": {"reason": "after_apply"}}) == "perhaps"
	_is_namespaced([{"api_groups": [""], "resources": [null, "nodes"]}], unknown) == "no"
}
