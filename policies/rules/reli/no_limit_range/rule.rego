# METADATA
# title: Namespace has no LimitRange
# description: >-
#   Containers that say nothing about their limits get none, and may take their node's memory and
#   processor from everybody else on it.
# related_resources:
#   - description: Limit ranges
#     ref: https://kubernetes.io/docs/concepts/policy/limit-range/
#   - description: EKS Best Practices Guide, data plane
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html
# custom:
#   id: PLM-RELI-007
#   severity: low
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   remediation: |
#     Add defaults to the namespace, or limits to every container.
#     Kubernetes:
#       apiVersion: v1
#       kind: LimitRange
#       metadata: {name: defaults, namespace: shop}
#       spec:
#         limits:
#           - type: Container
#             default: {cpu: "1", memory: 512Mi}
#             defaultRequest: {cpu: 100m, memory: 256Mi}
#     Terraform:
#       resource "kubernetes_limit_range_v1" "shop" {
#         metadata {
#           name      = "defaults"
#           namespace = "shop"
#         }
#         spec {
#           limit {
#             type            = "Container"
#             default         = { cpu = "1", memory = "512Mi" }
#             default_request = { cpu = "100m", memory = "256Mi" }
#           }
#         }
#       }
#   on: [workload]
#   parameters:
#     - name: exempt_namespaces
#       type: list(string)
#       default: [kube-system, kube-public, kube-node-lease]
#       description: Namespaces that need none.
#   controls:
#     eks-bpg: [reliability]
#   aliases: [KSV-0039]
package plimsoll.rules.reli.no_limit_range

import data.plimsoll.lib.known
import data.plimsoll.lib.result

_params := data.plimsoll.params.reli.no_limit_range

_ranges := object.get(input.stack.by_kind, "v1/LimitRange", [])

deny contains _settled(result.on(place.document, place.path, message)) if {
	some name, namespace in input.stack.facts.namespaces
	not name in _params.exempt_namespaces
	_has_unlimited(namespace)
	not name in {input.stack.documents[id].namespace | some id in _ranges}
	place := _place(namespace)
	message := sprintf("namespace %q has containers without limits and no LimitRange", [name])
}

_has_unlimited(namespace) if {
	some id in namespace.workloads
	workload := input.stack.documents[id]
	some i, container in workload.attr.containers
	some resource in ["cpu", "memory"]
	not container.resources.limits[resource]
	not known.reason(workload, sprintf("containers[%d].resources.limits.%s", [i, resource]))
}

_settled(res) := result.as_unknown(res, "the namespace of a LimitRange is not known") if {
	_doubtful(_ranges)
} else := res

# The namespace's own manifest where there is one, else its first workload.
_place(namespace) := {"document": document, "path": "name"} if {
	document := input.stack.documents[namespace.document]
} else := {"document": input.stack.documents[namespace.workloads[0]], "path": "metadata.namespace"}

# Placeholders in the place of a namespace may stand for any.
_doubtful(ids) if {
	some id in ids
	contains(input.stack.documents[id].namespace, "${")
}
