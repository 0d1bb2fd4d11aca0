# METADATA
# title: What a rule answers
# description: >-
#   Every element of a rule's deny set is made by one of these functions. Paths
#   are canonical paths of the document (or raw paths where the canonical layer
#   has no name for them); the engine turns them into file, line and column.
package plimsoll.lib.result

# at names a place in the document under judgement (resource rules).
at(path, message) := {"path": path, "message": message}

# on names a place in any document of the stack (stack rules).
on(document, path, message) := {"document": document.id, "path": path, "message": message}

# gap is about the stack as a whole: nothing in it provides a control. The
# document is the one that makes the control necessary, usually a cluster.
gap(document, message) := {"document": document.id, "path": "", "message": message}

# place is a related place, for with_related.
place(document, path, message) := {"document": document.id, "path": path, "message": message}

# with_related adds other places that matter.
with_related(res, places) := object.union(res, {"related": places})

# with_severity raises or lowers the severity of one result.
with_severity(res, severity) := object.union(res, {"severity": severity})

# as_unknown says that the verdict rests on a value that is not known yet, for
# joins that the engine cannot see through.
as_unknown(res, reason) := object.union(res, {"unknown": reason})

# exempt says that the subject may do this, and why: the finding is kept as
# suppressed, with the reason, so that nothing is hidden silently.
exempt(res, reason) := object.union(res, {"exempt": reason})
