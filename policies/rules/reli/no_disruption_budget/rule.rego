# METADATA
# title: No PodDisruptionBudget covers the workload
# description: >-
#   Nothing keeps a drain from taking all replicas at once, so that an update of the nodes is an outage
#   although there are several.
# related_resources:
#   - description: Disruptions
#     ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
#   - description: EKS Best Practices Guide, cluster upgrades
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/cluster-upgrades.html
# custom:
#   id: PLM-RELI-002
#   severity: low
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   remediation: |
#     Add a budget that leaves room for one pod at a time.
#     Kubernetes:
#       apiVersion: policy/v1
#       kind: PodDisruptionBudget
#       metadata: {name: web, namespace: shop}
#       spec:
#         maxUnavailable: 1
#         selector: {matchLabels: {app: web}}
#     Terraform:
#       resource "kubernetes_pod_disruption_budget_v1" "web" {
#         metadata {
#           name      = "web"
#           namespace = "shop"
#         }
#         spec {
#           max_unavailable = "1"
#           selector { match_labels = { app = "web" } }
#         }
#       }
#   on: [workload]
#   controls:
#     eks-bpg: [upgrades]
#   aliases: []
package plimsoll.rules.reli.no_disruption_budget

import data.plimsoll.lib.disruption
import data.plimsoll.lib.result
import data.plimsoll.lib.scaling

deny contains _settled(workload, result.on(workload, "metadata.name", message)) if {
	some workload in scaling.workloads
	scaling.replicas(workload) >= 2
	count(disruption.budgets(workload)) == 0
	message := sprintf("no PodDisruptionBudget covers %s %q", [workload.attr.kind, workload.name])
}

deny contains result.as_unknown(result.on(workload, "replicas", message), reason) if {
	some workload in scaling.workloads
	reason := scaling.doubt(workload)
	count(disruption.budgets(workload)) == 0
	message := sprintf("no PodDisruptionBudget covers %s %q, whose replicas are not known before deployment", [workload.attr.kind, workload.name])
}

_settled(workload, res) := result.as_unknown(res, reason) if {
	reason := disruption.budgets_doubt(workload)
} else := res
