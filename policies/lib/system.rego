# METADATA
# title: System add-ons that need the node
# description: >-
#   Network plugins, storage drivers, node agents and their like are known by
#   namespace and image (data/system_workloads.json), each with exactly what it
#   may use. What they use beyond that is reported like anybody's.
package plimsoll.lib.system

import data.plimsoll.lib.image
import data.plimsoll.lib.result

# judge_container gives a container's result back, exempted when the container
# is one of a known add-on that may use value under the rule.
judge_container(rule, value, container, res) := _judge(res, _reasons(rule, value, [container]))

# judge_pod is judge_container for what all containers of the pod share: every
# one of them has to be the add-on's.
judge_pod(rule, value, res) := _judge(res, _reasons(rule, value, object.get(input.attr, "containers", [])))

_judge(res, reasons) := res if count(reasons) == 0

_judge(res, reasons) := result.exempt(res, min(reasons)) if count(reasons) > 0

_reasons(rule, value, containers) := {reason |
	is_string(value)
	some addon in data.plimsoll.facts.system_workloads.workloads
	input.namespace in addon.namespaces
	some allowed in addon.allows[rule]
	glob.match(allowed, null, value)
	count(containers) > 0
	every container in containers {
		_is_image_of(addon, container)
	}
	reason := sprintf("system add-on %s: %s", [addon.name, addon.reason])
}

_is_image_of(addon, container) if {
	is_string(container.image)
	some pattern in addon.images
	glob.match(pattern, null, image.repository(container.image))
}
