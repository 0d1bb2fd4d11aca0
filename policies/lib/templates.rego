# METADATA
# title: Containers in templates of sidecars
# description: >-
#   Injectors keep the containers they add as text, often with the directives of Go
#   templates in it, and one text inside another. The directives are taken out, a value
#   that one of them makes is taken for unknown, and both branches of a condition are read.
package plimsoll.lib.templates

_hole := "plimsoll-template"

# containers lists the containers in a text: name (for a message), problems (as words that follow
# it) and conditional, which tells that a condition decides whether it is so.
containers(text) := {container |
	is_string(text)
	some part in _parts(text)
	some found in _containers(part)
	container := object.union(found, {"conditional": _is_conditional(part)})
}

_is_conditional(text) if {
	regex.match(`\{\{-?\s*(if|else|range|with)\b`, text)
} else := false

# The text itself, and the texts in it that hold containers.
_parts(text) := {text} | {inner |
	some document in _documents(text)
	walk(document, [_, inner])
	is_string(inner)
	contains(inner, "\n")
	regex.match(`(?i)containers:`, inner)
}

# _plain takes the directives out: those alone on their lines altogether, others
# leave a hole, unless a quoted value stands before them.
_plain(text) := plain if {
	holes := regex.replace(text, `(?s)\{\{.*?\}\}`, _hole)
	lines := regex.replace(holes, sprintf(`(?m)^[ \t]*(%s[ \t]*)+,?[ \t]*$`, [_hole]), "")
	plain := regex.replace(lines, sprintf(`(?m)("[^"\n]*")[ \t]*(%s[ \t]*)+$`, [_hole]), "$1")
}

_documents(text) := [document |
	some part in regex.split(`(?m)^---[ \t]*$`, _as_yaml(text))
	document := yaml.unmarshal(_readable(part))
]

# Bodies of definitions may stand before the object, and are no part of it.
_readable(part) := part if {
	yaml.is_valid(part)
} else := cut if {
	cut := regex.replace(part, `(?s)^.*?\n((?:apiVersion|kind|metadata|spec|containers|initContainers):)`, "$1")
	yaml.is_valid(cut)
}

# What is YAML as it stands keeps its directives, for the texts in it.
_as_yaml(text) := text if {
	_is_yaml(text)
} else := _plain(text)

_is_yaml(text) if {
	every part in regex.split(`(?m)^---[ \t]*$`, text) {
		yaml.is_valid(part)
	}
}

_lists := {"containers", "initContainers", "sidecars", "init_containers"}

_containers(text) := _listed(text) | _scanned(text)

_listed(text) := {found |
	some document in _documents(text)
	walk(document, [path, list])
	is_array(list)
	path[count(path) - 1] in _lists
	some container in list
	is_object(container)
	found := {
		"name": _name(container),
		"problems": _problems(container, _pod_context(document, path), path[count(path) - 1] in {"initContainers", "init_containers"}),
	}
}

_name(container) := sprintf("container %q", [container.name]) if {
	is_string(container.name)
	not contains(container.name, _hole)
} else := "container without a fixed name"

# What cannot be read as YAML is searched for the plainest of it.
_scanned(text) := {{"name": "container, somewhere in a text that is no YAML,", "problems": problems} |
	count(_documents(text)) == 0
	problems := {words |
		some pattern, words in {
			`(?m)^[ \t]*privileged:[ \t]*true`: "is privileged",
			`(?m)^[ \t]*allowPrivilegeEscalation:[ \t]*true`: "may escalate privileges",
			`(?m)^[ \t]*runAsUser:[ \t]*0[ \t]*$`: "runs as root",
			`(?m)^[ \t]*-[ \t]*(CAP_)?SYS_ADMIN`: "adds SYS_ADMIN",
		}
		regex.match(pattern, text)
	}
	count(problems) > 0
}

# The security context beside the list of containers is that of the pod.
_pod_context(document, path) := context if {
	is_object(document)
	context := object.get(document, array.concat(array.slice(path, 0, count(path) - 1), ["securityContext"]), {})
	is_object(context)
} else := {}

# What the rules about pods say of a container, POD-001 to POD-007.
_problems(container, pod, is_init) := _always(container, pod) | _capabilities(container, is_init)

_always(container, pod) := {words |
	some words in [
		_privileged(container), _escalating(container), _root(container, pod), _maybe_root(container, pod),
		_undropped(container),
	]
	words != ""
}

_setting(container, field) := object.get(container, ["securityContext", field], null)

# The container's own setting counts before that of the pod.
_effective(container, pod, field) := value if {
	value := _setting(container, field)
	value != null
} else := object.get(pod, field, null)

_privileged(container) := "is privileged" if {
	_setting(container, "privileged") == true
} else := ""

_escalating(container) := "may escalate privileges" if {
	value := _setting(container, "allowPrivilegeEscalation")
	not value in [false, _hole]
} else := ""

_root(container, pod) := "runs as root" if {
	_effective(container, pod, "runAsUser") == 0
} else := ""

_maybe_root(container, pod) := "may run as root" if {
	not _effective(container, pod, "runAsNonRoot") in [true, _hole]
	_effective(container, pod, "runAsUser") == null
} else := ""

_undropped(container) := "drops no capabilities" if {
	dropped := object.get(container, ["securityContext", "capabilities", "drop"], [])
	is_array(dropped)
	count({name | some name in dropped; is_string(name); upper(name) in {"ALL", upper(_hole)}}) == 0
} else := ""

# The capabilities of the baseline level, which may be added.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/
_baseline := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
	"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

# Init containers of meshes set up the redirection of traffic, with rights of
# their own (MESH-012).
_redirecting := {"NET_ADMIN", "NET_RAW"}

_capabilities(container, is_init) := {sprintf("adds %s", [name]) |
	added := object.get(container, ["securityContext", "capabilities", "add"], [])
	is_array(added)
	some raw in added
	is_string(raw)
	name := trim_prefix(upper(raw), "CAP_")
	not name in _baseline
	not contains(raw, _hole)
	not _redirects(name, is_init)
}

_redirects(name, is_init) if {
	is_init
	name in _redirecting
}
