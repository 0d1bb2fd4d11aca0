package plimsoll.rules.pod.access_control_disabled_test

import data.plimsoll.rules.pod.access_control_disabled as rule

_at(version, attr) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": object.union({"kind": "Pod"}, attr)}
		with data.plimsoll.kube_version as version
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_pod(context) := _at("latest", {"pod": {"securityContext": context}, "containers": [{"name": "a"}]})

_container(context) := _at("latest", {"containers": [{"name": "a", "securityContext": context}]})

_annotated(value) := _at("latest", {"annotations": {
	"container.apparmor.security.beta.kubernetes.io/a": value,
	"other": "unconfined",
}})

test_unconfined_apparmor_fails if {
	_pod({"appArmorProfile": {"type": "Unconfined"}}) == {"pod.securityContext.appArmorProfile.type"}
	_container({"appArmorProfile": {"type": "Unconfined"}}) == {"containers[0].securityContext.appArmorProfile.type"}
}

test_a_profile_passes if {
	_pod({"appArmorProfile": {"type": "RuntimeDefault"}}) == set()
	_container({"appArmorProfile": {"type": "Localhost", "localhostProfile": "web"}}) == set()
}

test_the_annotation_counts_too if {
	_annotated("unconfined") == {`annotations["container.apparmor.security.beta.kubernetes.io/a"]`}
	_annotated("runtime/default") == set()
	_annotated("localhost/web") == set()
	_annotated("") == set()
}

test_an_selinux_type_outside_the_list_fails if {
	_pod({"seLinuxOptions": {"type": "spc_t"}}) == {"pod.securityContext.seLinuxOptions.type"}
	_pod({"seLinuxOptions": {"type": "container_t", "level": "s0:c1,c2"}}) == set()
	_pod({"seLinuxOptions": {"type": null}}) == set()
}

test_container_engine_t_is_allowed_from_1_31 if {
	attr := {"containers": [{"name": "a", "securityContext": {"seLinuxOptions": {"type": "container_engine_t"}}}]}
	_at("1.31", attr) == set()
	_at("1.30", attr) == {"containers[0].securityContext.seLinuxOptions.type"}
}

test_a_user_or_role_fails if {
	_container({"seLinuxOptions": {"user": "system_u", "role": "system_r"}}) == {
		"containers[0].securityContext.seLinuxOptions.user",
		"containers[0].securityContext.seLinuxOptions.role",
	}
}

test_nothing_written_passes if _at("latest", {"containers": [{"name": "a"}]}) == set()
