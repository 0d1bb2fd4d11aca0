# METADATA
# title: Workload has a single replica
# description: >-
#   When its node is updated, drained or lost, nothing serves until a new pod is up. Such workloads make
#   people put node updates off.
# related_resources:
#   - description: EKS Best Practices Guide, running highly available applications
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/application.html
# custom:
#   id: PLM-RELI-001
#   severity: low
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   remediation: |
#     Run two replicas or more, or let an autoscaler with a minReplicas of two or more keep them.
#     Kubernetes: replicas: 2
#     Terraform: replicas = 2
#   on: [workload]
#   parameters:
#     - name: exempt_labels
#       type: list(string)
#       default: []
#       description: Pod labels, as key or key=value, of workloads that may have one replica.
#   controls:
#     eks-bpg: [reliability]
#   aliases: [run_multiple_replicas]
package plimsoll.rules.reli.single_replica

import data.plimsoll.lib.result
import data.plimsoll.lib.scaling

_params := data.plimsoll.params.reli.single_replica

deny contains result.on(workload, "replicas", message) if {
	some workload in scaling.workloads
	not _is_exempt(workload)
	n := scaling.replicas(workload)
	n <= 1
	message := sprintf("%s %q runs %d replica at least", [workload.attr.kind, workload.name, n])
}

deny contains result.as_unknown(result.on(workload, "replicas", message), scaling.doubt(workload)) if {
	some workload in scaling.workloads
	not _is_exempt(workload)
	message := sprintf("the replicas of %s %q are not known before deployment", [workload.attr.kind, workload.name])
}

_is_exempt(workload) if {
	some key, value in workload.attr.labels
	some label in [key, sprintf("%s=%s", [key, value])]
	label in _params.exempt_labels
}
