package plimsoll.rules.pod.namespace_level_violated_test

import data.plimsoll.rules.pod.namespace_level_violated as rule

_labels(labels) := {sprintf("pod-security.kubernetes.io/%s", [key]): value | some key, value in labels}

_stack(attr, unknown, labels, open) := {
	"documents": {
		"w": {
			"id": "w",
			"type": "workload",
			"name": "web",
			"namespace": "shop",
			"attr": object.union({"kind": "Deployment"}, attr),
			"unknown": unknown,
			"partial": {},
		},
		"n": {"id": "n", "type": "namespace", "name": "shop", "attr": {"labels": _labels(labels)}, "unknown": open, "partial": {}},
	},
	"by_type": {"workload": ["w"], "namespace": ["n"]},
	"links": {"namespace_of": {"w": [{"to": "n"}]}},
	"backlinks": {},
}

_all(attr, unknown, labels, open) := {res |
	some res in rule.deny with input.stack as _stack(attr, unknown, labels, open)
		with data.plimsoll.kube_version as "1.36"
}

_deny(attr, labels) := _all(attr, {}, labels, {})

_plain := {"containers": [{"name": "a", "effective": {}}]}

_privileged := {"containers": [{"name": "a", "effective": {"privileged": true}}]}

_mended := {
	"pod": {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}},
	"containers": [{
		"name": "a",
		"effective": {"run_as_non_root": true, "allow_privilege_escalation": false},
		"securityContext": {"capabilities": {"drop": ["ALL"]}},
	}],
}

test_a_pod_above_the_level_fails if {
	some res in _deny(_privileged, {"enforce": "baseline"})
	res.path == "containers[0].effective.privileged"
	contains(res.message, "baseline that namespace \"shop\" enforces: privileged")
	{place.document | some place in res.related} == {"n"}
	not res.severity
}

test_the_checks_are_named_and_their_places_related if {
	found := _deny(_plain, {"enforce": "restricted"})
	count(found) == 1
	some res in found
	contains(res.message, "allowPrivilegeEscalation, capabilities_restricted, runAsNonRoot, seccompProfile_restricted")
	count(res.related) == 4
}

test_a_pod_within_the_level_passes if {
	_deny(_plain, {"enforce": "baseline"}) == set()
	_deny(_mended, {"enforce": "restricted"}) == set()
	_deny(_privileged, {"enforce": "privileged"}) == set()
	_deny(_privileged, {}) == set()
}

test_warnings_are_information if {
	some res in _deny(_plain, {"enforce": "baseline", "warn": "restricted", "audit": "restricted"})
	res.severity == "info"
	contains(res.message, "warns of")
}

_sysctl := {"pod": {"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_rmem"}]}}}

_newer := {"pod": {"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_notsent_lowat"}]}}}

test_the_version_of_the_label_counts if {
	_deny(_sysctl, {"enforce": "baseline", "enforce-version": "v1.32"}) == set()
	count(_deny(_sysctl, {"enforce": "baseline", "enforce-version": "v1.31"})) == 1
	_deny(_sysctl, {"enforce": "baseline", "enforce-version": "latest"}) == set()
	count(_deny(_newer, {"enforce": "baseline"})) == 1
}

test_a_value_that_is_not_known_yet_leaves_it_open if {
	some res in _all(_mended, {"containers[0].securityContext.procMount": {"reason": "after_apply"}}, {"enforce": "restricted"}, {})
	res.unknown == "after apply"
	_all(_mended, {"containers[0].image": {"reason": "after_apply"}}, {"enforce": "restricted"}, {}) == set()
	_all(_mended, {"pod.serviceAccountName": {"reason": "after_apply"}}, {"enforce": "restricted"}, {}) == set()
}

test_a_violation_that_may_go_away_leaves_it_open if {
	some res in _all(
		object.union(_mended, {"containers": [{"name": "a", "effective": {"run_as_non_root": true}, "securityContext": {"capabilities": {"drop": ["ALL"]}}}]}),
		{"containers[0].effective.allow_privilege_escalation": {"reason": "after_apply"}}, {"enforce": "restricted"}, {},
	)
	res.unknown
}

test_a_certain_violation_stands_beside_unknown_values if {
	some res in _all(_privileged, {"host_network": {"reason": "after_apply"}}, {"enforce": "baseline"}, {})
	not res.unknown
}

test_an_unknown_level_leaves_it_open if {
	open := {`labels["pod-security.kubernetes.io/enforce"]`: {"reason": "after_apply"}}
	some res in _all(_plain, {}, {}, open)
	res.path == "metadata.namespace"
	res.unknown == "after apply"
	_all(_mended, {}, {}, open) == set()
}

test_what_is_certain_is_told_alone if {
	count(_all(_privileged, {"host_network": {"reason": "after_apply"}}, {"enforce": "baseline"}, {})) == 1
}

test_one_violation_is_enough_to_ask_for_the_level if {
	open := {`labels["pod-security.kubernetes.io/enforce"]`: {"reason": "after_apply"}}
	count(_all(object.union(_mended, {"host_network": true}), {}, {}, open)) == 1
}
