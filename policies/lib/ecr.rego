# METADATA
# title: Amazon ECR
# description: What scans and fixes the images of a repository, for stack rules.
# related_resources:
#   - description: Scan filters of a private registry
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
package plimsoll.lib.ecr

import data.plimsoll.lib.known
import data.plimsoll.lib.stack

# covers tells that a registry's filter chooses a repository name. One without
# wildcard chooses every name that contains it.
covers(filter, name) if {
	contains(filter, "*")
	glob.match(filter, null, name)
}

covers(filter, name) if {
	not contains(filter, "*")
	contains(name, filter)
}

# is_scanned tells that images are scanned by the repository's or by the
# registry's setting; enhanced asks for scans by Amazon Inspector.
is_scanned(repository, enhanced) if {
	not enhanced
	repository.attr.scan_on_push
}

is_scanned(repository, enhanced) if covered(object.get(repository.attr, "name", ""), enhanced)

# covered tells that the registry scans the images of a repository of this name.
covered(name, enhanced) if {
	some registry in stack.documents("ecr_scanning")
	_is_enough(registry.attr.scan_type, enhanced)
	some rule in registry.attr.rules
	rule.frequency in {"SCAN_ON_PUSH", "CONTINUOUS_SCAN"}
	some filter in rule.filters
	covers(filter, name)
}

# Amazon Inspector switches the registry to enhanced scans of everything.
covered(_, _) if {
	some inspector in stack.documents("inspector")
	"ECR" in inspector.attr.types
}

_is_enough(_, enhanced) if not enhanced

_is_enough(type, _) if type == "ENHANCED"

# scan_doubt says why it is not known whether a repository that is not known to
# be scanned is.
scan_doubt(repository, enhanced) := min(reasons) if {
	reasons := _own_doubts(repository, enhanced) | registry_doubts
	count(reasons) > 0
}

_own_doubts(repository, enhanced) := {reason |
	not enhanced
	reason := known.reason(repository, "scan_on_push")
} | {reason |
	count(stack.documents("ecr_scanning")) > 0
	reason := known.reason(repository, "name")
}

# registry_doubts says what of the registry's settings is not known.
registry_doubts := {reason |
	some registry in stack.documents("ecr_scanning")
	some path in ["rules", "scan_type"]
	reason := known.reason(registry, path)
} | {reason |
	some inspector in stack.documents("inspector")
	reason := known.reason(inspector, "types")
}

# Tags as releases have them.
_releases := {"1.2.3", "v1.2.3"}

# mutability says what lets a release's tag be moved: "MUTABLE", or the filter
# that takes it from the protection. It is undefined when nothing does.
mutability(attr) := "MUTABLE" if attr.tag_mutability == "MUTABLE"

mutability(attr) := sprintf("MUTABLE_WITH_EXCLUSION, and no filter fixes the tags of releases", []) if {
	attr.tag_mutability == "MUTABLE_WITH_EXCLUSION"
	not _excluded(attr)
}

mutability(attr) := sprintf("IMMUTABLE_WITH_EXCLUSION, and the filter %q leaves the tags of releases out", [min(_excluding(attr))]) if {
	attr.tag_mutability == "IMMUTABLE_WITH_EXCLUSION"
	_excluded(attr)
}

_excluded(attr) if count(_excluding(attr)) > 0

_excluding(attr) := {filter |
	some filter in attr.mutability_exclusions
	some tag in _releases
	glob.match(filter, null, tag)
}

# belonging lists the documents of a type that name a repository, by value or by
# reference.
belonging(type, repository) := [document |
	some document in stack.documents(type)
	_names(document, repository)
]

_names(document, repository) if document.attr.repository == repository.attr.name

_names(document, repository) if {
	some ref in document.refs
	startswith(ref.path, "repository")
	stack.target(ref) == repository.id
}
