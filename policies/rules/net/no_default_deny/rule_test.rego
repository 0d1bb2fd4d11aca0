package plimsoll.rules.net.no_default_deny_test

import data.plimsoll.rules.net.no_default_deny

_stack(name, facts) := {"stack": {
	"documents": {"ns": {"id": "ns"}, "w": {"id": "w"}},
	"facts": {"namespaces": {name: facts}},
}}

test_namespace_without_policy_fails_at_its_manifest if {
	facts := {"document": "ns", "workloads": ["w"], "default_deny_ingress": false}
	some res in no_default_deny.deny with input as _stack("shop", facts)
	res.document == "ns"
}

test_undeclared_namespace_fails_at_its_first_workload if {
	facts := {"document": null, "workloads": ["w"], "default_deny_ingress": false}
	some res in no_default_deny.deny with input as _stack("shop", facts)
	res.document == "w"
}

test_default_deny_passes if {
	facts := {"document": "ns", "workloads": ["w"], "default_deny_ingress": true}
	count(no_default_deny.deny) == 0 with input as _stack("shop", facts)
}

test_empty_namespace_passes if {
	facts := {"document": "ns", "workloads": [], "default_deny_ingress": false}
	count(no_default_deny.deny) == 0 with input as _stack("shop", facts)
}

test_exempt_namespace_passes if {
	facts := {"document": "ns", "workloads": ["w"], "default_deny_ingress": false}
	count(no_default_deny.deny) == 0 with input as _stack("kube-system", facts)
}
