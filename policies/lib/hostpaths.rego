# METADATA
# title: Paths of the node
# description: >-
#   Paths are compared as text: what a symbolic link on the node leads to is not
#   known here.
package plimsoll.lib.hostpaths

# clean is the shortest path that leads to the same place: without empty elements,
# dots and a slash at the end, and on Windows with slashes. It is undefined for what
# is no text.
clean(path) := sprintf("/%s", [_shortened(path)]) if {
	is_string(path)
	path != ""
	not regex.match(_drive, path)
}

clean(path) := _shortened(replace(path, `\`, "/")) if {
	is_string(path)
	regex.match(_drive, path)
}

_drive := `^[A-Za-z]:`

_shortened(path) := concat("/", [part | some i, part in parts; _stays(parts, i)]) if {
	parts := [part | some part in split(path, "/"); not part in {"", "."}]
}

# A name and the ".." that takes it back pair off like brackets: a name stays if
# at no place behind it there are more of those than of names.
_stays(parts, i) if {
	parts[i] != ".."
	every j in numbers.range(i, count(parts) - 1) {
		passed := array.slice(parts, i, j + 1)
		count([part | some part in passed; part == ".."]) < count([part | some part in passed; part != ".."])
	}
}

# mounts lists the volume mounts of a volume, of all containers.
mounts(name) := [mount |
	some container in input.attr.containers
	some mount in container.volumeMounts
	mount.name == name
]

# is_read_only tells that no container may write to a volume.
is_read_only(name) if {
	every mount in mounts(name) {
		mount.readOnly == true
	}
}
