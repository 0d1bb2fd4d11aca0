package plimsoll.rules.pod.may_run_as_root_test

import data.plimsoll.rules.pod.may_run_as_root as rule

_with(attr, params) := {res |
	some res in rule.deny with input as {"name": "web", "attr": object.union({"kind": "Deployment"}, attr)}
		with data.plimsoll.params.pod.may_run_as_root as params
}

_deny(effective) := _with({"containers": [{"name": "a", "effective": effective}]}, {"pss_version": "latest", "min_uid": 1})

test_nothing_written_fails if {
	some res in _deny({})
	res.path == "containers[0].effective.run_as_non_root"
}

test_false_fails if count(_deny({"run_as_non_root": false})) == 1

test_non_root_passes if _deny({"run_as_non_root": true}) == set()

test_a_user_passes if _deny({"run_as_user": 1000}) == set()

test_user_0_is_another_rules_matter if _deny({"run_as_user": 0}) == set()

test_a_user_below_the_limit_fails if {
	some res in _with(
		{"containers": [{"name": "a", "effective": {"run_as_user": 999}}]},
		{"pss_version": "latest", "min_uid": 10000},
	)
	res.path == "containers[0].effective.run_as_user"
}

test_a_user_namespace_passes_from_1_35 if {
	attr := {"pod": {"hostUsers": false}, "containers": [{"name": "a", "effective": {}}]}
	_with(attr, {"pss_version": "latest", "min_uid": 1}) == set()
	_with(attr, {"pss_version": "1.35", "min_uid": 1}) == set()
	count(_with(attr, {"pss_version": "1.34", "min_uid": 1})) == 1
}

_restricted(attr) := {res.path |
	some res in rule.deny with input as {"name": "web", "attr": object.union({"kind": "Deployment"}, attr)}
		with data.plimsoll.profile as "pss-restricted"
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_the_restricted_profile_takes_no_user_for_an_answer if {
	_restricted({"containers": [{"name": "a", "effective": {"run_as_user": 1000}}]}) == {"containers[0].effective.run_as_non_root"}
	_restricted({"containers": [{"name": "a", "effective": {"run_as_non_root": true}}]}) == set()
}

test_the_restricted_profile_wants_no_false_on_the_pod if {
	_restricted({
		"pod": {"securityContext": {"runAsNonRoot": false}},
		"containers": [{"name": "a", "effective": {"run_as_non_root": true}}],
	}) == {"pod.securityContext.runAsNonRoot"}
}

_limited(pod, user) := _with(
	{"pod": pod, "containers": [{"name": "a", "effective": {"run_as_user": user}}]},
	{"pss_version": "latest", "min_uid": 10000},
)

test_the_limit_itself_passes if {
	_limited({}, 10000) == set()
	count(_limited({}, 9999)) == 1
	count(_limited({}, 1)) == 1
	_limited({}, 0) == set()
}

test_the_limit_does_not_count_in_a_user_namespace if _limited({"hostUsers": false}, 1) == set()

test_the_baseline_profile_does_not_ask if {
	every effective in [{}, {"run_as_user": 1}] {
		found := {res |
			some res in rule.deny with input as {"name": "web", "attr": {"kind": "Pod", "containers": [{"name": "a", "effective": effective}]}}
				with data.plimsoll.profile as "pss-baseline"
				with data.plimsoll.params.pod.may_run_as_root as {"pss_version": "latest", "min_uid": 10000}
		}
		found == set()
	}
}
