package plimsoll.rules.pod.root_user_test

import data.plimsoll.rules.pod.root_user as rule

_deny(pod, containers) := {res |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"pod": pod,
		"containers": containers,
	}}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_own(security) := {"name": "a", "securityContext": security, "effective": {
	"run_as_user": object.get(security, "runAsUser", 1000),
	"run_as_group": object.get(security, "runAsGroup", 1000),
}}

test_a_container_that_asks_for_user_0_fails if {
	some res in _deny({}, [_own({"runAsUser": 0})])
	res.path == "containers[0].effective.run_as_user"
	res.severity == "high"
	contains(res.message, "container \"a\"")
}

test_a_container_that_asks_for_group_0_is_low if {
	some res in _deny({}, [_own({"runAsGroup": 0})])
	res.severity == "low"
}

test_a_pod_that_asks_for_user_0_is_one_finding if {
	heir := {"name": "b", "effective": {"run_as_user": 0}}
	found := _deny({"securityContext": {"runAsUser": 0}}, [_own({"runAsUser": 1000}), heir, heir])
	{res.path | some res in found} == {"containers[1].effective.run_as_user"}
}

test_a_pod_whose_containers_all_ask_for_another_passes if {
	_deny({"securityContext": {"runAsUser": 0}}, [_own({"runAsUser": 1000})]) == set()
}

test_the_group_of_volumes_is_low if {
	some res in _deny({"securityContext": {"fsGroup": 0}}, [_own({})])
	res.path == "pod.securityContext.fsGroup"
	res.severity == "low"
}

test_a_further_group_is_low if {
	some res in _deny({"securityContext": {"supplementalGroups": [1000, 0]}}, [_own({})])
	res.path == "pod.securityContext.supplementalGroups[1]"
	res.severity == "low"
}

test_other_ids_pass if _deny({}, [_own({"runAsUser": 10001, "runAsGroup": 10001})]) == set()

test_nothing_written_passes if _deny({}, [{"name": "a", "effective": {}}]) == set()

test_a_user_namespace_passes if _deny({"hostUsers": false}, [_own({"runAsUser": 0})]) == set()

_restricted(version, pod, containers) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Deployment",
		"pod": pod,
		"containers": containers,
	}}
		with data.plimsoll.profile as "pss-restricted"
		with data.plimsoll.kube_version as version
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

test_the_restricted_profile_looks_at_both_levels_and_at_users_only if {
	pod := {"securityContext": {"runAsUser": 0, "fsGroup": 0}}
	_restricted("latest", pod, [_own({"runAsUser": 1000, "runAsGroup": 0}), _own({"runAsUser": 0})]) == {
		"pod.securityContext.runAsUser",
		"containers[1].securityContext.runAsUser",
	}
}

test_the_restricted_profile_exempts_user_namespaces_from_1_35 if {
	count(_restricted("1.34", {"hostUsers": false}, [_own({"runAsUser": 0})])) == 1
	_restricted("1.35", {"hostUsers": false}, [_own({"runAsUser": 0})]) == set()
}

test_a_container_of_its_own_is_one_finding if count(_deny({}, [_own({"runAsUser": 0})])) == 1

test_groups_are_no_matter_of_the_restricted_profile if {
	found := {res |
		some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
			"kind": "Pod", "pod": {"securityContext": {"fsGroup": 0, "supplementalGroups": [0]}},
			"containers": [{"name": "a", "effective": {"run_as_group": 0}, "securityContext": {"runAsGroup": 0}}],
		}}
			with data.plimsoll.profile as "pss-restricted"
			with data.plimsoll.facts.system_workloads as {"workloads": []}
	}
	found == set()
}
