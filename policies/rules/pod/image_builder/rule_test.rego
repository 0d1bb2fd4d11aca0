package plimsoll.rules.pod.image_builder_test

import data.plimsoll.rules.pod.image_builder as rule

_at(container) := {res.path | some res in rule.deny with input as {"name": "ci", "attr": {"kind": "Deployment", "containers": [container]}, "unknown": {}}}

_privileged(container) := _at(object.union({"effective": {"privileged": true}}, container))

test_docker_in_docker_fails if {
	_at({"image": "docker:28.5-dind"}) == {"containers[0].image"}
	_at({"image": "public.ecr.aws/docker/library/docker:dind-rootless"}) == {"containers[0].image"}
	_at({"image": "cruizba/ubuntu-dind:latest"}) == {"containers[0].image"}
	_at({"image": "registry.example.com/ci/dind:1"}) == {"containers[0].image"}
}

test_the_client_passes if {
	_at({"image": "docker:28.5-cli"}) == set()
	_at({"image": "docker"}) == set()
	_at({"image": null}) == set()
	_privileged({"image": null}) == set()
}

test_a_privileged_builder_fails if {
	_privileged({"image": "moby/buildkit:v0.25.1"}) == {"containers[0].image"}
	_privileged({"image": "moby/buildkit"}) == {"containers[0].image"}
	_privileged({"image": "moby/buildkit:v0.25.1-rootless"}) == set()
	_at({"image": "moby/buildkit:v0.25.1"}) == set()
}

test_a_privileged_daemon_fails if {
	_privileged({"image": "ci:1", "command": ["dockerd"]}) == {"containers[0].command[0]"}
	_privileged({"image": "ci:1", "args": [1, "/usr/bin/buildkitd --addr x"]}) == {"containers[0].args[1]"}
	_privileged({"image": "ci:1", "command": ["/app"]}) == set()
	_at({"image": "ci:1", "command": ["dockerd"]}) == set()
}

test_an_unknown_image_matters_where_it_is_privileged if {
	unknown := {"containers[0].image": {"reason": "after_apply"}}
	some res in rule.deny with input as {"name": "ci", "attr": {"kind": "Pod", "containers": [{"effective": {"privileged": true}}]}, "unknown": unknown}
	res.unknown == "after apply"
	found := {res | some res in rule.deny with input as {"name": "ci", "attr": {"kind": "Pod", "containers": [{"effective": {}}]}, "unknown": unknown}}
	found == set()
}

test_a_tag_alone_does_not_make_docker if _at({"image": "registry.example.com/web:dind"}) == set()

test_other_fields_are_not_judged if _privileged({"image": "ci:1", "note": ["dockerd"]}) == set()

test_each_container_has_an_image_of_its_own if {
	found := {res.path |
		some res in rule.deny with input as {
			"name": "ci",
			"attr": {"kind": "Deployment", "containers": [{"image": "web:1", "effective": {"privileged": true}}, {"name": "b"}]},
			"unknown": {"containers[1].image": {"reason": "after_apply"}},
		}
	}
	found == set()
}
