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
	is_string(ref)
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

_name(ref) := split(ref, "@")[0] if is_string(ref)

_last(ref) := parts[count(parts) - 1] if parts := split(_name(ref), "/")

# moving tags are those that are moved by habit.
moving := {"latest", "main", "master", "dev", "stable", "edge"}

# moves tells that what the reference names may be another image tomorrow.
moves(ref) if {
	not digest(ref)
	not tag(ref)
}

moves(ref) if {
	not digest(ref)
	tag(ref) in moving
}

# full is the repository with its registry: docker.io and library stand where
# nothing is written.
full(ref) := name if {
	name := repository(ref)
	_has_registry(name)
	not startswith(name, "index.docker.io/")
} else := replace(name, "index.docker.io/", "docker.io/") if {
	name := repository(ref)
	_has_registry(name)
} else := sprintf("docker.io/%s", [repository(ref)]) if {
	contains(repository(ref), "/")
} else := sprintf("docker.io/library/%s", [repository(ref)])

_has_registry(name) if {
	parts := split(name, "/")
	count(parts) > 1
	regex.match(`[.:]|^localhost$`, parts[0])
}

# within tells that a full name is a pattern's or below it. * stands for any
# text but a slash.
within(name, pattern) if glob.match(pattern, ["/"], name)

within(name, pattern) if glob.match(sprintf("%s/**", [pattern]), ["/"], name)

# ecr_name is the repository in a private registry of Amazon ECR; undefined for
# images from elsewhere.
ecr_name(ref) := substring(name, indexof(name, "/") + 1, -1) if {
	name := full(ref)
	regex.match(`^[0-9]{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)/`, name)
}

# is_injected tells that a container's image is a placeholder for which Istio's
# injector puts its proxy.
is_injected(ref, attr) if {
	ref == "auto"
	some place in ["labels", "annotations"]
	some key, _ in attr[place]
	regex.match(`^(sidecar|inject)\.istio\.io/`, key)
}
