# METADATA
# title: Audit or authenticator log is disabled
# description: >-
#   The control plane does not write its audit and authenticator logs to CloudWatch.
#   After an incident there is no record of who did what to the cluster, and of
#   which IAM principal that was.
# related_resources:
#   - description: Send control plane logs to CloudWatch Logs
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
#   - description: EKS best practices, auditing and logging
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/auditing-and-logging.html
# custom:
#   id: PLM-CLUSTER-011
#   severity: high
#   category: logging
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: |
#     Enable at least the audit and authenticator logs, better all five.
#     Terraform: enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"].
#     CloudFormation: Logging.ClusterLogging.EnabledTypes: [{Type: audit}, {Type: authenticator}].
#     eksctl: cloudWatch.clusterLogging.enableTypes: ["*"].
#   on: [eks_cluster]
#   needs: [logging.types]
#   parameters:
#     - name: required_log_types_high
#       type: list(string)
#       default: [audit, authenticator]
#       description: Log types without which an incident cannot be investigated.
#   controls:
#     cis-eks: ["2.1.1"]
#     securityhub: [EKS.8]
#     eks-bpg: [auditing-and-logging]
#   aliases: [CKV_AWS_37, AWS-0038, C-0067]
package plimsoll.rules.cluster.audit_logs

import data.plimsoll.lib.result

_params := data.plimsoll.params.cluster.audit_logs

_missing := [type | some type in _params.required_log_types_high; not type in _enabled]

_enabled := object.get(input.attr, ["logging", "types"], [])

deny contains result.at("logging.types", message) if {
	count(_missing) > 0
	message := sprintf("cluster %q does not log %s", [input.name, concat(" and ", _missing)])
}
