# METADATA
# title: System add-ons that need the node
# description: >-
#   Network plugins, storage drivers, node agents and their like are known by
#   namespace and image (data/system_workloads.json), each with exactly what it
#   may use. What they use beyond that is reported like anybody's. Under the
#   profiles pss-baseline and pss-restricted nobody is exempt.
package plimsoll.lib.system

import data.plimsoll.lib.image
import data.plimsoll.lib.result
import data.plimsoll.lib.run

# judge makes the result of a violation (data.plimsoll.lib.baseline), exempted
# where the container, or for one of the pod all of them, may use its value.
judge(rule, violation) := judge_container(rule, violation.value, container, res) if {
	container := input.attr.containers[violation.on]
	res := result.at(violation.path, violation.message)
}

judge(rule, violation) := judge_pod(rule, violation.value, res) if {
	violation.on == "pod"
	res := result.at(violation.path, violation.message)
}

# judge_container gives a container's result back, exempted when the container
# is one of a known add-on that may use value under the rule.
judge_container(rule, value, container, res) := _judge(res, _reasons(rule, value, [container]))

# judge_pod is judge_container for what all containers of the pod share: every
# one of them has to be the add-on's.
judge_pod(rule, value, res) := _judge(res, _reasons(rule, value, object.get(input.attr, "containers", [])))

# is_known tells that the pod consists of containers of a known add-on in one of
# its namespaces.
is_known if {
	some addon in _addons
	count(input.attr.containers) > 0
	every container in input.attr.containers {
		_is_image_of(addon, container)
	}
}

_judge(res, reasons) := res if count(reasons) == 0

_judge(res, reasons) := result.exempt(res, min(reasons)) if count(reasons) > 0

_addons contains addon if {
	some addon in data.plimsoll.facts.system_workloads.workloads
	input.namespace in addon.namespaces
}

_reasons(rule, value, containers) := {reason |
	not run.pss_level
	some addon in _addons
	is_string(value)
	some list in {rule, object.get(_implied, rule, rule)}
	some allowed in addon.allows[list]
	glob.match(allowed, null, value)
	count(containers) > 0
	every container in containers {
		_is_image_of(addon, container)
	}
	reason := sprintf("system add-on %s: %s", [addon.name, addon.reason])
}

# A container that may be privileged has all that comes with it, and a path that
# may be mounted may be so whatever else can be said of it.
_implied := {
	"PLM-POD-002": "PLM-POD-001",
	"PLM-POD-005": "PLM-POD-001",
	"PLM-POD-014": "PLM-POD-012",
}

_is_image_of(addon, container) if {
	is_string(container.image)
	some pattern in addon.images
	glob.match(pattern, null, image.repository(container.image))
}
