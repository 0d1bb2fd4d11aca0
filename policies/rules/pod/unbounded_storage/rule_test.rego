package plimsoll.rules.pod.unbounded_storage_test

import data.plimsoll.rules.pod.unbounded_storage as rule

_with(require, attr) := {res.path |
	some res in rule.deny with input as {"name": "web", "attr": object.union({"kind": "Deployment"}, attr)}
		with data.plimsoll.params.pod.unbounded_storage as {"require_ephemeral_storage_limit": require}
}

_volume(dir) := {"pod": {"volumes": [{"name": "a", "configMap": {}}, {"name": "b", "emptyDir": dir}]}}

test_memory_without_a_limit_fails if {
	_with(false, _volume({"medium": "Memory"})) == {"pod.volumes[1].emptyDir.sizeLimit"}
	_with(false, _volume({"medium": "Memory", "sizeLimit": "0"})) == {"pod.volumes[1].emptyDir.sizeLimit"}
}

test_memory_with_a_limit_passes if _with(false, _volume({"medium": "Memory", "sizeLimit": "64Mi"})) == set()

test_disk_passes if _with(false, _volume({})) == set()

_container(container) := {"containers": [object.union({"name": "a", "class": "container"}, container)]}

test_a_limit_of_ephemeral_storage_is_wanted_on_demand if {
	_with(false, _container({})) == set()
	_with(true, _container({})) == {`containers[0].resources.limits["ephemeral-storage"]`}
	_with(true, _container({"resources": {"limits": {"ephemeral-storage": "1Gi"}}})) == set()
	_with(true, _container({"class": "ephemeral"})) == set()
}
