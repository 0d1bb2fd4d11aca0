package plimsoll.rules.net.no_default_deny_test

import data.plimsoll.rules.net.no_default_deny

_stack(name, facts) := {"stack": {
	"documents": {"ns": {"id": "ns"}, "w": {"id": "w"}, "p": {"id": "p"}},
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

_open(path) := found if {
	gap := {"document": "p", "path": path, "reason": "after_apply"}
	facts := {"document": "ns", "workloads": ["w"], "default_deny_ingress": false, "unknown": [gap]}
	some found in no_default_deny.deny with input as _stack("shop", facts)
}

test_policy_that_may_be_a_default_makes_it_unknown if {
	_open("policy_types[0]").unknown == "after_apply"
	_open("pod_selector").unknown
	_open("pod_selector.matchLabels").unknown
	_open("ingress").unknown
	_open("metadata.namespace").related[0].document == "p"
}

test_policy_that_cannot_be_a_default_does_not if {
	not _open("egress[0].ports").unknown
	not _open("ingress[0].from").unknown
	not _open("pod_selector.matchLabels.app").unknown
}

test_unknown_part_of_an_exempt_or_covered_namespace_does_not_matter if {
	gap := {"document": "p", "path": "policy_types[0]", "reason": "after_apply"}
	facts := {"document": "ns", "workloads": ["w"], "default_deny_ingress": true, "unknown": [gap]}
	count(no_default_deny.deny) == 0 with input as _stack("shop", facts)
}
