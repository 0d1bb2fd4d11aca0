# METADATA
# title: git-sync
# description: >-
#   Options of git-sync 3 and 4, which are given as --name=value, as --name value or
#   as a variable: GIT_SYNC_NAME in 3, GITSYNC_NAME in 4.
# related_resources:
#   - ref: https://github.com/kubernetes/git-sync#manual
package plimsoll.lib.gitsync

import data.plimsoll.lib.image
import data.plimsoll.lib.pods

# runs_in tells that a container is git-sync: it is given a repository, and its
# image is called so.
runs_in(container) if {
	count(_options(container, {"repo"})) > 0
	regex.match(`(?:^|/)git-sync$`, image.repository(container.image))
}

# revisions lists what a container fetches, as [place in the container, text].
revisions(container) := _options(container, {"ref", "rev"})

# hooks lists the commands that run after every fetch, likewise.
hooks(container) := _options(container, {"exechook-command", "sync-hook-command"})

# is_pinned tells that a revision is a commit, or a tag that looks like a release.
# What a variable takes from elsewhere is not judged.
is_pinned(null)

is_pinned(value) if regex.match(`^[0-9a-f]{40}(?:[0-9a-f]{24})?$|^(?:refs/tags/)?v?[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$`, value)

_options(container, names) := _arguments(container, names) | _variables(container, names)

_arguments(container, names) := {[sprintf("args[%d]", [j]), value] |
	some j, text in pods.list(container.args)
	is_string(text)
	some [_, name, value] in regex.find_all_string_submatch_n(`^--?([a-z-]+)=(.*)$`, text, 1)
	name in names
} | {[sprintf("args[%d]", [j + 1]), value] |
	some j, text in pods.list(container.args)
	is_string(text)
	trim_left(text, "-") in names
	value := container.args[j + 1]
	is_string(value)
}

_variables(container, names) := {[sprintf("env[%d].value", [j]), value] |
	some j, entry in pods.list(container.env)
	name := regex.replace(lower(pods.name(entry)), `^git_?sync_`, "")
	name in {replace(known, "-", "_") | some known in names}
	value := _value(entry)
}

_value(entry) := null if {
	is_object(entry.valueFrom)
} else := pods.field(entry, "value")
