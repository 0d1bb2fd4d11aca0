# METADATA
# title: Update strategy drops all replicas
# description: >-
#   Every change of the image is an outage, so that security updates wait for a night when nobody works.
#   A DaemonSet that updates on deletion only keeps the old image until somebody deletes its pods.
# related_resources:
#   - description: Deployment strategies
#     ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
#   - description: DaemonSet updates
#     ref: https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/
# custom:
#   id: PLM-RELI-010
#   severity: low
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Replace the pods a few at a time. DaemonSets and StatefulSets have updateStrategy in the place of strategy.
#     Kubernetes:
#       strategy:
#         type: RollingUpdate
#         rollingUpdate: {maxUnavailable: 1}
#     Terraform:
#       strategy {
#         type = "RollingUpdate"
#         rolling_update { max_unavailable = "1" }
#       }
#   on: [workload]
#   reads: [kind, strategy]
#   controls: {}
#   aliases: [C-0305]
package plimsoll.rules.reli.dropping_update

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at("strategy.type", message) if {
	input.attr.strategy.type == "Recreate"
	message := sprintf("updates of %s stop all pods before new ones start", [pods.subject])
}

deny contains result.at("strategy.rollingUpdate.maxUnavailable", message) if {
	most := input.attr.strategy.rollingUpdate.maxUnavailable
	is_string(most)
	regex.match(`^[0-9]{3,}%$`, most)
	message := sprintf("updates of %s may stop %s of its pods at once", [pods.subject, most])
}

deny contains result.at("strategy.type", message) if {
	input.attr.kind == "DaemonSet"
	input.attr.strategy.type == "OnDelete"
	message := sprintf("%s is updated only where somebody deletes its pods", [pods.subject])
}
