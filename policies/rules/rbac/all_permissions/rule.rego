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
#   remediation: List the API groups, resources and verbs that are needed.
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   controls:
#     cis-eks: ["4.1.3"]
#   aliases: [C-0187, CKV_K8S_49, KSV-0044]
#   supersedes: [PLM-RBAC-003]
package plimsoll.rules.rbac.all_permissions

import data.plimsoll.lib.result

_adjusted(res) := res if input.attr.cluster_scoped

_adjusted(res) := result.with_severity(res, "high") if not input.attr.cluster_scoped

# Rule i lists the value, which may be an element that is not known yet.
_lists(i, field, value) if {
	some j, _ in input.attr.rules[i][field]
	input.attr.rules[i][field][j] == value
}

_every_group(i) if _lists(i, "api_groups", "*")

# The core group holds Secrets, Pods and ServiceAccounts.
_every_group(i) if _lists(i, "api_groups", "")

deny contains _adjusted(result.at(sprintf("rules[%d]", [i]), message)) if {
	some i, _ in input.attr.rules
	_lists(i, "verbs", "*")
	_lists(i, "resources", "*")
	_every_group(i)
	message := sprintf("role %q grants every verb on every resource", [input.name])
}

deny contains _adjusted(result.at(sprintf("rules[%d]", [i]), message)) if {
	some i, _ in input.attr.rules
	_lists(i, "verbs", "*")
	_lists(i, "non_resource_urls", "*")
	message := sprintf("role %q grants every verb on every URL of the API server", [input.name])
}
