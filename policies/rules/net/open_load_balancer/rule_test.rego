package plimsoll.rules.net.open_load_balancer_test

import data.plimsoll.rules.net.open_load_balancer

_service(exposure, ranges) := {
	"namespace": "shop", "name": "web",
	"attr": {"type": "LoadBalancer", "exposure": exposure, "source_ranges": ranges},
}

test_internet_facing_without_ranges_fails if {
	count(open_load_balancer.deny) == 1 with input as _service("internet", [])
}

test_world_range_fails_at_the_range if {
	some res in open_load_balancer.deny with input as _service("internet", ["10.0.0.0/8", "0.0.0.0/0"])
	res.path == "source_ranges[1]"
}

test_internal_passes if {
	count(open_load_balancer.deny) == 0 with input as _service("internal", [])
}

test_ranges_pass if {
	count(open_load_balancer.deny) == 0 with input as _service("internet", ["192.0.2.0/24"])
}

test_allowed_service_passes if {
	params := {"allowed_public_services": ["shop/*"]}
	count(open_load_balancer.deny) == 0 with input as _service("internet", [])
		with data.plimsoll.params.net.open_load_balancer as params
}

test_another_type_passes if {
	service := {"namespace": "shop", "name": "web", "attr": {"type": "NodePort", "exposure": "internet"}}
	count(open_load_balancer.deny) == 0 with input as service
	ranged := {"namespace": "shop", "name": "web", "attr": {"type": "NodePort", "exposure": "internet", "source_ranges": ["0.0.0.0/0"]}}
	count(open_load_balancer.deny) == 0 with input as ranged
}

test_internal_with_any_range_passes if {
	count(open_load_balancer.deny) == 0 with input as _service("internal", ["0.0.0.0/0"])
}

test_ipv6_world_range_fails if {
	count(open_load_balancer.deny) == 1 with input as _service("internet", ["::/0"])
}

test_allowed_service_with_any_range_passes if {
	count(open_load_balancer.deny) == 0 with input as _service("internet", ["0.0.0.0/0"])
		with data.plimsoll.params.net.open_load_balancer as {"allowed_public_services": ["shop/*"]}
}
