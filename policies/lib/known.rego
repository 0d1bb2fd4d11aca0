# METADATA
# title: What is known of a document
# description: >-
#   The engine turns verdicts that rest on unknown values into unknown ones. A
#   rule needs these helpers only where the documented meaning of an omission or
#   of a reference is part of its own decision, and in stack rules, where the
#   engine cannot see through the joins. They take the document's unknown and
#   partial maps and not the document, so that the engine can still tell apart
#   which attributes a verdict rests on.
package plimsoll.lib.known

# left_out tells that nobody wrote the value at a canonical path whose absence
# the caller has established: it is not unknown, or it is unknown only because
# the service's own default applies.
left_out(unknown, path) if not unknown[path]

left_out(unknown, path) if unknown[path].reason == "ambiguous_default"

# has_unknown_elements tells that a list of references has elements although
# none of their values is known yet: a reference to a resource counts as present.
has_unknown_elements(_, partial, path) if partial[path]

has_unknown_elements(unknown, _, path) if count(unknown[path].refs) > 0

# reason says why the value at a path, above it or below it is not known; it is
# undefined when it is.
reason(document, path) := min(_reasons(document, path))[1]

_reasons(document, path) := {[p, _text(state)] |
	some kind in ["unknown", "partial"]
	some p, state in document[kind]
	_touches(p, path)
}

_text(state) := words(state) if is_string(state)

_text(state) := words(state.reason) if is_object(state)

# words writes a reason's name as words: "after_apply" is "after apply".
words(reason) := replace(reason, "_", " ")

_touches(p, path) if p == path

_touches(p, path) if _below(p, path)

_touches(p, path) if _below(path, p)

_below(p, parent) if startswith(p, sprintf("%s.", [parent]))

_below(p, parent) if startswith(p, sprintf("%s[", [parent]))
