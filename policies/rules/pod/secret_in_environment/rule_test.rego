package plimsoll.rules.pod.secret_in_environment_test

import data.plimsoll.rules.pod.secret_in_environment as rule

_deny(container) := {res | some res in rule.deny with input as {"name": "web", "attr": {"kind": "Deployment", "containers": [container]}}}

test_a_variable_from_a_secret_fails if {
	some res in _deny({"name": "a", "env": [{"name": "A", "value": "b"}, {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}}]})
	res.path == "containers[0].env[1].valueFrom.secretKeyRef"
	contains(res.message, "PASSWORD")
}

test_a_whole_secret_fails if {
	some res in _deny({"name": "a", "envFrom": [{"configMapRef": {"name": "c"}}, {"secretRef": {"name": "db"}}]})
	res.path == "containers[0].envFrom[1].secretRef"
	contains(res.message, `"db"`)
}

test_others_pass if {
	_deny({"env": [{"name": "A", "value": "b"}, {"name": "B", "valueFrom": {"fieldRef": {}}}, {"name": "C", "valueFrom": {"secretKeyRef": null}}]}) == set()
	_deny({}) == set()
}

test_what_is_no_list_is_not_judged if {
	_deny({"envFrom": {"a": {"secretRef": {"name": "db"}}}, "env": {"b": {"valueFrom": {"secretKeyRef": {}}}}}) == set()
	_deny({"envFrom": [{"secretRef": null}]}) == set()
	_deny({"envFrom": [{"secretRef": "db"}]}) == set()
}
