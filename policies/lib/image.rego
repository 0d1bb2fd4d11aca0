# METADATA
# title: Image references
# description: >-
#   The grammar is that of the distribution project: a registry with an optional
#   port, a path, an optional tag and an optional digest.
# related_resources:
#   - ref: https://pkg.go.dev/github.com/distribution/reference
package plimsoll.lib.image

# digest is what follows "@"; undefined when the reference has none.
digest(ref) := substring(ref, at + 1, -1) if {
	at := indexof(ref, "@")
	at >= 0
}

# tag is what follows the colon of the last path element, so that a registry's
# port is not taken for one; undefined when the reference has none.
tag(ref) := substring(_last(ref), colon + 1, -1) if {
	colon := indexof(_last(ref), ":")
	colon >= 0
}

# repository is the reference without tag and digest.
repository(ref) := trim_suffix(_name(ref), sprintf(":%s", [tag(ref)])) if tag(ref)

repository(ref) := _name(ref) if not tag(ref)

_name(ref) := split(ref, "@")[0]

_last(ref) := parts[count(parts) - 1] if parts := split(_name(ref), "/")
