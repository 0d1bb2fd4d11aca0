package plimsoll.rules.pod.token_automount_test

import data.plimsoll.rules.pod.token_automount as rule

_workload(pod) := {
	"id": "w",
	"name": "web",
	"namespace": "shop",
	"attr": {"kind": "Deployment", "pod": pod, "service_account": "web"},
	"unknown": {},
	"partial": {},
}

_account(automount) := {
	"id": "sa",
	"name": "web",
	"namespace": "shop",
	"attr": {"automount": automount},
	"unknown": {},
	"partial": {},
}

_binding(subject) := {"id": "rb", "name": "rb", "namespace": "shop", "attr": {"subjects": [subject]}}

_named := {"kind": "ServiceAccount", "namespace": "shop", "name": "web"}

_stack(documents, links) := {
	"documents": {d.id: d | some d in documents},
	"by_type": {"workload": ["w"], "rbac_binding": [d.id | some d in documents; d.id == "rb"]},
	"links": links,
}

_deny(documents, links) := {res | some res in rule.deny with input.stack as _stack(documents, links)}

_sa_of := {"sa_of": {"w": [{"to": "sa", "via": "value"}]}}

_bound := object.union(_sa_of, {"bindings_of": {"sa": [{"to": "rb", "via": "value"}]}})

test_nothing_written_fails if {
	some res in _deny([_workload({})], {})
	res.path == "automount_token"
	not res.severity
}

test_an_account_that_mounts_by_default_fails if count(_deny([_workload({}), _account(true)], _sa_of)) == 1

test_an_account_that_does_not_mount_passes if _deny([_workload({}), _account(false)], _sa_of) == set()

test_a_pod_that_does_not_mount_passes if {
	_deny([_workload({"automountServiceAccountToken": false}), _account(true)], _sa_of) == set()
}

test_the_pod_overrides_the_account if {
	count(_deny([_workload({"automountServiceAccountToken": true}), _account(false)], _sa_of)) == 1
}

test_a_bound_account_is_information if {
	some res in _deny([_workload({}), _account(true), _binding(_named)], _bound)
	res.severity == "info"
	{place.document | some place in res.related} == {"rb"}
}

test_a_binding_of_a_group_the_account_is_in_does_not_count if {
	some res in _deny([_workload({}), _account(true), _binding({"kind": "Group", "name": "system:serviceaccounts"})], _bound)
	not res.severity
}

test_an_account_that_is_not_in_the_set_is_found_by_name if {
	some res in _deny([_workload({}), _binding(_named)], {})
	res.severity == "info"
}

test_a_subject_without_a_namespace_is_in_the_bindings if {
	some res in _deny([_workload({}), _binding({"kind": "ServiceAccount", "name": "web"})], {})
	res.severity == "info"
}

test_an_unknown_setting_is_unknown if {
	workload := object.union(_workload({}), {"unknown": {"automount_token": {"reason": "after_apply"}}})
	some res in _deny([workload], {})
	res.unknown == "after apply"
}

test_an_unknown_account_is_unknown if {
	workload := object.union(_workload({}), {"unknown": {"service_account": {"reason": "parameter_without_value"}}})
	some res in _deny([workload], {})
	res.unknown
}

test_an_unknown_account_does_not_matter_where_the_pod_decides if {
	workload := object.union(
		_workload({"automountServiceAccountToken": false}),
		{"unknown": {"service_account": {"reason": "parameter_without_value"}}},
	)
	_deny([workload], {}) == set()
}

test_an_account_whose_setting_is_unknown_is_unknown if {
	account := object.union(_account(true), {"unknown": {"automount": {"reason": "after_apply"}}})
	some res in _deny([_workload({}), account], _sa_of)
	res.unknown
}

test_an_unknown_account_does_not_matter_where_the_pod_asks_for_the_token if {
	workload := object.union(
		{"id": "w", "name": "web", "namespace": "shop", "attr": {"kind": "Pod", "pod": {"automountServiceAccountToken": true}}},
		{"unknown": {"service_account": {"reason": "parameter_without_value"}}, "partial": {}},
	)
	some res in _deny([workload], {})
	not res.unknown
}

test_why_the_token_itself_is_not_known_comes_first if {
	workload := object.union(_workload({}), {"unknown": {
		"automount_token": {"reason": "parameter_without_value"},
		"service_account": {"reason": "after_apply"},
	}})
	{res.unknown | some res in _deny([workload], {})} == {"parameter without value"}
}

test_what_is_not_known_is_told_once if {
	workload := object.union(_workload({}), {"unknown": {"service_account": {"reason": "after_apply"}}})
	found := _deny([workload], {})
	count(found) == 1
	{res.unknown | some res in found} == {"after apply"}
}
