package plimsoll.lib.cidr_test

import data.plimsoll.lib.cidr

test_a_network_covers_itself_and_its_parts if {
	cidr.covers("10.0.0.0/8", "10.0.0.0/8")
	cidr.covers("10.0.0.0/8", "10.1.0.0/16")
	not cidr.covers("10.1.0.0/16", "10.0.0.0/8")
}

test_families_do_not_cover_each_other if not cidr.covers("0.0.0.0/0", "2001:db8::/32")

test_what_is_no_network_covers_nothing if {
	not cidr.covers("office", "10.0.0.0/8")
	not cidr.covers(null, "10.0.0.0/8")
	not cidr.covers("10.0.0.0/8", 7)
}

test_neighbours_are_merged if cidr.merged(["0.0.0.0/1", "128.0.0.0/1", null, "x"]) == {"0.0.0.0/0"}
