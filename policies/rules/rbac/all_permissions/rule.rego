# METADATA
# title: Role grants every verb on every resource
# description: >-
#   This is cluster-admin under another name. Secrets, service account tokens and the
#   RBAC objects themselves are included, and so is everything that will be added to
#   the API later.
# related_resources:
#   - description: RBAC good practices, least privilege
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-002
#   severity: critical
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     List the API groups, resources and verbs that are needed.
#     Kubernetes: {apiGroups: [apps], resources: [deployments], verbs: [get, list, watch, update, patch]}
#     Terraform: verbs = ["get", "list", "watch", "update", "patch"]
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   controls:
#     cis-eks: ["4.1.3"]
#   aliases: [C-0187, CKV_K8S_49, KSV-0044]
#   supersedes: [PLM-RBAC-003, PLM-RBAC-004, PLM-RBAC-005, PLM-RBAC-006, PLM-RBAC-007, PLM-RBAC-008, PLM-RBAC-009, PLM-RBAC-010, PLM-RBAC-011, PLM-RBAC-012, PLM-RBAC-014, PLM-RBAC-023, PLM-RBAC-026]
package plimsoll.rules.rbac.all_permissions

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_adjusted(res) := res if input.attr.cluster_scoped

_adjusted(res) := result.with_severity(res, "high") if not input.attr.cluster_scoped

_lists(i, field, value) if value in input.attr.rules[i][field]

_every_group(i) if _lists(i, "api_groups", "*")

# The core group holds Secrets, Pods and ServiceAccounts.
_every_group(i) if _lists(i, "api_groups", "")

deny contains roles.judged(_adjusted(result.at(sprintf("rules[%d]", [i]), message))) if {
	some i, _ in input.attr.rules
	_lists(i, "verbs", "*")
	_lists(i, "resources", "*")
	_every_group(i)
	message := sprintf("%s grants every verb on every resource", [roles.subject])
}

deny contains roles.judged(_adjusted(result.at(sprintf("rules[%d]", [i]), message))) if {
	some i, _ in input.attr.rules
	_lists(i, "verbs", "*")
	_lists(i, "non_resource_urls", "*")
	message := sprintf("%s grants every verb on every URL of the API server", [roles.subject])
}
