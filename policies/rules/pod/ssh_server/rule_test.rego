package plimsoll.rules.pod.ssh_server_test

import data.plimsoll.rules.pod.ssh_server as rule

_at(container) := {res.path | some res in rule.deny with input as {"name": "web", "attr": {"kind": "Deployment", "containers": [container]}}}

test_the_port_fails if {
	_at({"ports": [{"containerPort": 80}, {"containerPort": 22}]}) == {"containers[0].ports[1].containerPort"}
}

test_the_server_fails if {
	_at({"command": ["/usr/sbin/sshd", "-D"]}) == {"containers[0].command[0]"}
	_at({"args": ["-c", "service nginx start; exec sshd -D"]}) == {"containers[0].args[1]"}
}

test_sudo_fails if {
	_at({"command": ["sudo", "app"]}) == {"containers[0].command[0]"}
	_at({"args": ["chmod 600 x && sudo -u app run"]}) == {"containers[0].args[0]"}
}

test_others_pass if {
	_at({"command": ["/app"], "args": ["--sshd-config=/etc/x", "pseudo code", null], "ports": [{"containerPort": 2222}]}) == set()
	_at({}) == set()
}

test_other_fields_are_not_judged if {
	_at({"note": ["sshd"], "ports": {"a": {"containerPort": 22}}}) == set()
}
