# METADATA
# title: Replicas may share a node or a zone
# description: >-
#   The scheduler may put all replicas on one node. Then one failure, or one drain, takes all of them.
# related_resources:
#   - description: Pod topology spread constraints
#     ref: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
#   - description: EKS Best Practices Guide, running highly available applications
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/application.html
# custom:
#   id: PLM-RELI-004
#   severity: low
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Spread the pods over the zones and nodes.
#     Kubernetes:
#       topologySpreadConstraints:
#         - maxSkew: 1
#           topologyKey: topology.kubernetes.io/zone
#           whenUnsatisfiable: ScheduleAnyway
#           labelSelector: {matchLabels: {app: web}}
#     Terraform:
#       topology_spread_constraint {
#         max_skew           = 1
#         topology_key       = "topology.kubernetes.io/zone"
#         when_unsatisfiable = "ScheduleAnyway"
#         label_selector { match_labels = { app = "web" } }
#       }
#   on: [workload]
#   needs: [pod.topologySpreadConstraints, pod.affinity]
#   reads: [kind, replicas]
#   controls:
#     eks-bpg: [reliability]
#   aliases: [schedule_replicas_across_nodes]
package plimsoll.rules.reli.unspread_replicas

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at("pod.topologySpreadConstraints", message) if {
	input.attr.kind in {"Deployment", "StatefulSet"}
	input.attr.replicas >= 2
	count(object.get(input.attr, ["pod", "topologySpreadConstraints"], [])) == 0
	count(object.get(input.attr, ["pod", "affinity", "podAntiAffinity"], {})) == 0
	message := sprintf("nothing spreads the %d replicas of %s over nodes or zones", [input.attr.replicas, pods.subject])
}
