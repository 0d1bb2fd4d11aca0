# METADATA
# title: Networks
package plimsoll.lib.cidr

# covers tells that every address of inner lies in outer. Text that is no
# network covers nothing.
covers(outer, inner) if outer == inner

covers(outer, inner) if {
	is_string(outer)
	is_string(inner)
	net.cidr_is_valid(outer)
	net.cidr_is_valid(inner)
	net.cidr_contains(outer, inner)
}

# merged puts adjacent and overlapping networks together: two halves of the
# internet are the internet.
merged(cidrs) := net.cidr_merge([cidr |
	some cidr in cidrs
	is_string(cidr)
	net.cidr_is_valid(cidr)
])
