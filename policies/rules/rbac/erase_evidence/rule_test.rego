package plimsoll.rules.rbac.erase_evidence_test

import data.plimsoll.rules.rbac.erase_evidence as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_deletes(group, resource, verb) := {"api_groups": [group], "resources": [resource], "verbs": [verb]}

test_deleting_events_fails if {
	some res in _role(_deletes("events.k8s.io", "events", "delete"))
	endswith(res.message, "may delete events")
	count(_role(_deletes("", "events", "deletecollection"))) == 1
}

test_deleting_all_pods_everywhere_fails if {
	some res in _cluster(_deletes("", "pods", "deletecollection"))
	contains(res.message, "may delete pods of a namespace all at once")
}

test_deleting_all_pods_of_a_namespace_passes if _role(_deletes("", "pods", "deletecollection")) == set()

test_deleting_one_pod_passes if _cluster(_deletes("", "pods", "delete")) == set()

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_deletes("", "events", "delete"), _deletes("", "pods", "deletecollection")]}
	some res in _deny(attr)
	res.exempt
}
