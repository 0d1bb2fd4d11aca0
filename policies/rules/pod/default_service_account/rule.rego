# METADATA
# title: Workload uses the default service account
# description: >-
#   Every pod of the namespace that names no account shares this one: rights and IAM
#   roles that one of them gets, all of them have, and audit logs cannot tell them
#   apart.
# related_resources:
#   - description: Service accounts
#     ref: https://kubernetes.io/docs/concepts/security/service-accounts/
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-POD-025
#   severity: medium
#   category: credentials
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Make a service account for the workload and name it.
#     Kubernetes: serviceAccountName: web
#     Terraform: service_account_name = kubernetes_service_account_v1.web.metadata[0].name
#   on: [workload]
#   reads: [service_account, automount_token]
#   controls:
#     cis-eks: ["4.1.5", "5.2.1"]
#     eks-bpg: [iam]
#   aliases:
#     - C-0189
#     - C-0225
#     - use_dedicated_service_accounts_for_each_deployment
#     - use_dedicated_service_accounts_for_each_stateful_set
#     - use_dedicated_service_accounts_for_each_daemon_set
package plimsoll.rules.pod.default_service_account

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_adjusted(res) := result.with_severity(res, "low") if input.attr.automount_token == false

_adjusted(res) := res if not input.attr.automount_token == false

deny contains _adjusted(res) if {
	input.attr.service_account == "default"
	res := result.at("service_account", sprintf("%s runs as the default service account of its namespace", [pods.subject]))
}
