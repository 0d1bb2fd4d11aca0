# METADATA
# title: Paths to keys that are not identifiers
package plimsoll.lib.paths

# key is the path of a key below prefix, written as the engine reads it: plain
# keys after a dot, others as ["a.b/c"], and places in a list, where an object
# was expected, as [2].
key(prefix, name) := sprintf("%s[%d]", [prefix, name]) if {
	is_number(name)
} else := sprintf("%s.%s", [prefix, name]) if {
	regex.match(`^[A-Za-z0-9_:$-]+$`, name)
} else := sprintf("%s[%s]", [prefix, json.marshal(name)])
