package plimsoll.rules.reli.autoscaler_version_test

import data.plimsoll.rules.reli.autoscaler_version as rule

_auto := ["./cluster-autoscaler", "--node-group-auto-discovery=asg:tag=a"]

_found(container, cluster, unknown) := found if {
	found := rule.deny with input as {"stack": {
		"documents": {
			"w": {"id": "w", "unknown": unknown, "partial": {}, "attr": {"containers": [object.union({"image": "registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.1", "command": _auto}, container)]}},
			"c": object.union({"id": "c", "name": "main", "unknown": {}, "partial": {}, "attr": {}}, cluster),
		},
		"by_type": {"workload": ["w"]},
		"links": {"cluster_of": {"w": [{"to": "c"}]}},
	}}
}

_paths(container, version) := {res.path | some res in _found(container, {"attr": {"version": version}}, {}); not res.unknown}

test_the_same_minor_passes if _paths({}, "1.34") == set()

test_another_minor_fails if {
	_paths({}, "1.33") == {"containers[0].image"}
	_paths({"image": "cluster-autoscaler:1.32.0"}, "1.33") == {"containers[0].image"}
	some res in _found({}, {"attr": {"version": "1.33"}}, {})
	res.related[0].document == "c"
}

test_other_images_pass if {
	_paths({"image": "registry.k8s.io/addon-resizer:1.8.20", "command": []}, "1.33") == set()
	_paths({"image": "example.com/my-cluster-autoscaler:1.8.20", "command": []}, "1.33") == set()
}

test_a_tag_that_is_no_version_passes if _paths({"image": "cluster-autoscaler:stable"}, "1.33") == set()

test_without_discovery_fails if {
	_paths({"command": ["./cluster-autoscaler", "--nodes=1:10:workers"]}, "1.34") == {"containers[0].command"}
	_paths({"command": [], "env": _auto}, "1.34") == {"containers[0].command"}
	_paths({"command": [], "args": _auto}, "1.34") == set()
}

test_what_is_not_known_is_unknown if {
	some res in _found({}, {"unknown": {"version": {"reason": "after_apply"}}}, {})
	res.unknown == "after apply"
	res.path == "containers[0].image"
	some other in _found({"command": []}, {"attr": {"version": "1.34"}}, {"containers[0].args": {"reason": "data_source"}})
	other.unknown == "data source"
	some more in _found({"command": []}, {"attr": {"version": "1.34"}}, {"containers[0].command[1]": {"reason": "macro"}})
	more.unknown == "macro"
}
