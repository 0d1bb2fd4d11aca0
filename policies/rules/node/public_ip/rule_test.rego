package plimsoll.rules.node.public_ip_test

import data.plimsoll.rules.node.public_ip as rule

_paths(attr) := {res.path | some res in rule.deny with input as {"name": "n", "type": "launch_template", "attr": attr}}

test_a_public_interface_fails if {
	_paths({"network_interfaces": [{"public_ip": false}, {"public_ip": true}]}) == {"network_interfaces[1].public_ip"}
}

test_a_public_group_fails if _paths({"public_ip": true}) == {"public_ip"}

test_private_nodes_pass if _paths({"public_ip": false, "network_interfaces": [{"public_ip": false}]}) == set()

test_what_the_subnet_decides_passes if _paths({"network_interfaces": [{}]}) == set()
