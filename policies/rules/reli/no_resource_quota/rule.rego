# METADATA
# title: Namespace has no ResourceQuota
# description: >-
#   One team, or one mistake, may take all capacity of the cluster, and with it that of everybody else.
# related_resources:
#   - description: Resource quotas
#     ref: https://kubernetes.io/docs/concepts/policy/resource-quotas/
#   - description: EKS Best Practices Guide, tenant isolation
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/tenant-isolation.html
# custom:
#   id: PLM-RELI-006
#   severity: medium
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   remediation: |
#     Add a quota to the namespace.
#     Kubernetes:
#       apiVersion: v1
#       kind: ResourceQuota
#       metadata: {name: quota, namespace: shop}
#       spec:
#         hard: {requests.cpu: "20", requests.memory: 40Gi, limits.memory: 40Gi}
#     Terraform:
#       resource "kubernetes_resource_quota_v1" "shop" {
#         metadata {
#           name      = "quota"
#           namespace = "shop"
#         }
#         spec {
#           hard = { "requests.cpu" = "20", "requests.memory" = "40Gi", "limits.memory" = "40Gi" }
#         }
#       }
#   on: [workload]
#   parameters:
#     - name: exempt_namespaces
#       type: list(string)
#       default: [kube-system, kube-public, kube-node-lease]
#       description: Namespaces that need none.
#   controls:
#     eks-bpg: [multitenancy, reliability]
#   aliases: [ensure_namespace_quotas_exist, KSV-0040]
package plimsoll.rules.reli.no_resource_quota

import data.plimsoll.lib.result

_params := data.plimsoll.params.reli.no_resource_quota

_quotas := object.get(input.stack.by_kind, "v1/ResourceQuota", [])

deny contains _settled(result.on(place.document, place.path, message)) if {
	some name, namespace in input.stack.facts.namespaces
	not name in _params.exempt_namespaces
	count(namespace.workloads) > 0
	not name in {input.stack.documents[id].namespace | some id in _quotas}
	place := _place(namespace)
	message := sprintf("namespace %q has workloads and no ResourceQuota", [name])
}

_settled(res) := result.as_unknown(res, "the namespace of a ResourceQuota is not known") if {
	_doubtful(_quotas)
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
