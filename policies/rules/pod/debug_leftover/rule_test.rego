package plimsoll.rules.pod.debug_leftover_test

import data.plimsoll.rules.pod.debug_leftover as rule

_in(kind, container) := {res.path |
	some res in rule.deny with input as {"name": "web", "attr": {
		"kind": kind,
		"containers": [object.union({"name": "a", "class": "container"}, container)],
	}}
}

_at(container) := _in("Deployment", container)

test_an_ephemeral_container_fails if _at({"class": "ephemeral"}) == {"containers[0]"}

test_a_terminal_fails if {
	_at({"stdin": true, "tty": true}) == {"containers[0].tty"}
	_at({"stdin": true, "tty": false}) == set()
	_at({"tty": true}) == set()
}

test_a_shell_that_sleeps_fails if {
	_at({"image": "busybox:1.36", "command": ["sleep", "infinity"]}) == {"containers[0].command"}
	_at({"image": "public.ecr.aws/docker/library/alpine", "command": ["sh", "-c"], "args": ["sleep 365d"]}) == {"containers[0].args"}
	_at({"image": "ubuntu:24.04", "command": ["/bin/bash", "-c", "while true; do sleep 30; done"]}) == {"containers[0].command"}
	_at({"image": "nicolaka/netshoot", "command": ["tail", "-f", "/dev/null"]}) == {"containers[0].command"}
	_at({"image": "curlimages/curl:8.1", "args": ["sleep", "86400"]}) == {"containers[0].args"}
}

test_others_pass if {
	_at({"image": "web:1", "command": ["sleep", "infinity"]}) == set()
	_at({"image": "busybox:1.36", "command": ["sleep", "5"]}) == set()
	_at({"image": "busybox:1.36", "args": ["httpd", null]}) == set()
	_at({"image": null, "command": ["sleep", "infinity"]}) == set()
	_at({"image": "busybox:1.36", "class": "init", "command": ["sleep", "infinity"]}) == set()
}

test_jobs_pass if {
	_in("Job", {"image": "busybox:1.36", "command": ["sleep", "infinity"], "stdin": true, "tty": true}) == set()
	_in("CronJob", {"class": "ephemeral"}) == set()
}

test_a_sidecar_that_sleeps_fails if {
	sleeping := {"image": "busybox:1.36", "class": "init", "command": ["sleep", "infinity"]}
	_at(object.union(sleeping, {"restartPolicy": "Always"})) == {"containers[0].command"}
	_at(sleeping) == set()
}

test_other_fields_are_not_judged if _at({"image": "busybox:1.36", "note": ["sleep infinity"]}) == set()

test_the_list_that_says_it_is_named if {
	_at({"image": "busybox:1.36", "command": ["sleep", "infinity"], "args": ["x"]}) == {"containers[0].command"}
}
