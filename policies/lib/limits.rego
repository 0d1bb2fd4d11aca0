# METADATA
# title: Requests and limits of containers
# description: >-
#   For stack rules. What counts is what the API server makes of a container:
#   requests default to limits, both to what LimitRanges of the namespace say, and
#   from 1.34 on the pod may have resources of its own.
# related_resources:
#   - description: Limit ranges
#     ref: https://kubernetes.io/docs/concepts/policy/limit-range/
#   - description: Pod-level resources
#     ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#pod-level-resource-specification
package plimsoll.lib.limits

import data.plimsoll.lib.known
import data.plimsoll.lib.run
import data.plimsoll.lib.stack

# lacks tells that a container of a workload has no limit (or request) for a
# resource: kind is "limits" or "requests". Ephemeral containers cannot have any.
lacks(workload, container, kind, resource) if {
	not container.class == "ephemeral"
	not _written(container, kind, resource)
	not _of_pod(workload, kind, resource)
	not resource in _defaults(workload, kind)
}

# doubt says why it is not known what the LimitRanges of the namespace say; it is
# undefined when it is.
doubt(workload) := min(reasons) if {
	reasons := {reason |
		some range in _ranges(workload)
		reason := known.reason(range, "spec")
	}
}

_written(holder, kind, resource) if _is_amount(holder.resources[kind][resource])

_written(holder, "requests", resource) if _is_amount(holder.resources.limits[resource])

# No limit and a limit of nothing are the same.
_is_amount(value) if not value in {null, "", "0", 0, false}

_of_pod(workload, kind, resource) if {
	run.is_since([1, 34])
	_written(workload.attr.pod, kind, resource)
}

_defaults(workload, kind) := {resource |
	some range in _ranges(workload)
	some item in range.raw.spec.limits
	item.type == "Container"
	some field in _fields[kind]
	some resource, _ in item[field]
}

# A maximum is the default where there is none, and so on: SetDefaults_LimitRangeItem
# of the API server.
_fields := {"limits": ["default", "max"], "requests": ["defaultRequest", "default", "max", "min"]}

_ranges(workload) := [range |
	some range in object.get(_by_namespace, workload.namespace, [])
	stack.linked("cluster_of", range.id) == stack.linked("cluster_of", workload.id)
]

_by_namespace[namespace] contains range if {
	some id in input.stack.by_kind["v1/LimitRange"]
	range := input.stack.documents[id]
	namespace := range.namespace
}
