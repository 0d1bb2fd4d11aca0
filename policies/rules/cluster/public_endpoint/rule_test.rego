package plimsoll.rules.cluster.public_endpoint_test

import data.plimsoll.rules.cluster.public_endpoint as rule

_params := {"forbidden_cidrs": ["0.0.0.0/0", "::/0"]}

_paths(attr) := {res.path |
	some res in rule.deny with input as {"name": "c", "attr": attr, "partial": {}} with data.plimsoll.params.cluster.public_endpoint as _params
}

_cluster(cidrs) := {"endpoint": {"public_access": true, "public_cidrs": cidrs}, "outpost": false}

test_everybody_fails if _paths(_cluster(["0.0.0.0/0"])) == {"endpoint.public_cidrs[0]"}

test_every_ipv6_address_fails if _paths(_cluster(["203.0.113.0/24", "::/0"])) == {"endpoint.public_cidrs[1]"}

test_a_prefix_length_of_0_is_everybody_whatever_the_address if _paths(_cluster(["10.1.2.3/0"])) == {"endpoint.public_cidrs[0]"}

test_two_halves_fail if _paths(_cluster(["0.0.0.0/1", "128.0.0.0/1"])) == {"endpoint.public_cidrs"}

test_own_networks_pass if _paths(_cluster(["203.0.113.0/24"])) == set()

test_text_that_is_no_network_passes if _paths(_cluster(["office", null])) == set()

test_a_closed_public_endpoint_passes if {
	_paths({"endpoint": {"public_access": false, "public_cidrs": ["0.0.0.0/0"]}, "outpost": false}) == set()
}

test_a_local_cluster_on_an_outpost_passes if {
	_paths({"endpoint": {"public_access": true, "public_cidrs": ["0.0.0.0/0"]}, "outpost": true}) == set()
}

test_forbidden_networks_are_a_parameter if {
	found := rule.deny with input as {"name": "c", "attr": _cluster(["198.51.100.0/24"])}
		with data.plimsoll.params.cluster.public_endpoint as {"forbidden_cidrs": ["198.51.100.7/32"]}
	count(found) == 1
}
