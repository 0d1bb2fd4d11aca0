package plimsoll.rules.cluster.private_endpoint_test

import data.plimsoll.rules.cluster.private_endpoint as rule

_count(attr) := count({res |
	some res in rule.deny with input as {"name": "c", "attr": attr}
})

test_no_private_endpoint_fails if _count({"endpoint": {"private_access": false}, "outpost": false}) == 1

test_a_private_endpoint_passes if _count({"endpoint": {"private_access": true}, "outpost": false}) == 0

test_a_local_cluster_on_an_outpost_passes if _count({"endpoint": {"private_access": false}, "outpost": true}) == 0
