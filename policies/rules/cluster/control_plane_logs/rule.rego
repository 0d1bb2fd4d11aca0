# METADATA
# title: Control-plane logs other than audit are disabled
# description: >-
#   The api, controllerManager or scheduler log is not sent to CloudWatch. They show
#   what the control plane made of a request, among it how network policies were
#   reconciled, and are gone once the moment has passed.
# related_resources:
#   - description: Send control plane logs to CloudWatch Logs
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
#   - description: EKS best practices, network security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html
# custom:
#   id: PLM-CLUSTER-012
#   severity: medium
#   category: logging
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: |
#     Enable all five log types.
#     Terraform: enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"].
#     CloudFormation: list api, controllerManager and scheduler under Logging.ClusterLogging.EnabledTypes as well.
#     eksctl: cloudWatch.clusterLogging.enableTypes: ["*"].
#   on: [eks_cluster]
#   needs: [logging.types]
#   parameters:
#     - name: required_log_types
#       type: list(string)
#       default: [api, audit, authenticator, controllerManager, scheduler]
#       description: Log types to require; audit and authenticator are left to cluster/audit_logs.
#   controls:
#     cis-eks: ["2.1.1"]
#     eks-bpg: [network-security]
package plimsoll.rules.cluster.control_plane_logs

import data.plimsoll.lib.result

_params := data.plimsoll.params.cluster.control_plane_logs

# cluster/audit_logs reports these two.
_elsewhere := {"audit", "authenticator"}

_missing := [type |
	some type in _params.required_log_types
	not type in _elsewhere
	not type in _enabled
]

_enabled := object.get(input.attr, ["logging", "types"], [])

deny contains result.at("logging.types", message) if {
	count(_missing) > 0
	message := sprintf("cluster %q does not log %s", [input.name, concat(", ", _missing)])
}
