# METADATA
# title: Role uses a wildcard
# description: >-
#   A wildcard in verbs, resources or API groups grants more than anybody has
#   thought of, and whatever is added to the API later. Reading every resource
#   includes Secrets.
# related_resources:
#   - description: RBAC good practices, least privilege
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-003
#   severity: medium
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: List the API groups, resources and verbs that are needed.
#   on: [rbac_role]
#   reads: ["rules[*]"]
#   parameters:
#     - name: ignore_roles
#       type: list(string)
#       default:
#         - "system:*"
#         - "eks:*"
#         - "argo-rollouts"
#         - "crd-controller-*"
#         - "gatekeeper-manager-role"
#         - "istio-reader-*"
#         - "istiod-*"
#         - "kyverno:*"
#         - "prometheus-adapter-server-resources"
#       description: Names of roles of the platform and of well-known operators; an asterisk stands for any text.
#   controls:
#     cis-eks: ["4.1.3"]
#     eks-bpg: [iam]
#   aliases: [KSV-0045, KSV-0046, restrict_wildcard_for_roles, restrict_wildcard_for_cluster_roles]
package plimsoll.rules.rbac.wildcard

import data.plimsoll.lib.result

_params := data.plimsoll.params.rbac.wildcard

_fields := ["resources", "verbs", "api_groups"]

# Where the asterisks of rule i are. All three together are reported by
# rbac/all_permissions.
_asterisks(i) := [[field, j] |
	some field in _fields
	some j, value in input.attr.rules[i][field]
	value == "*"
]

_names(asterisks) := concat(", ", [replace(field, "_", " ") | some [field, _] in asterisks])

_read_only := {"get", "list", "watch"}

_reads_secrets(i) if {
	"*" in input.attr.rules[i].resources
	some group in ["", "*"]
	group in input.attr.rules[i].api_groups
	every verb in input.attr.rules[i].verbs {
		verb in _read_only
	}
}

_adjusted(res, i) := result.with_severity(res, "high") if _reads_secrets(i)

_adjusted(res, i) := res if not _reads_secrets(i)

_ignored if {
	some pattern in _params.ignore_roles
	glob.match(pattern, null, input.name)
}

_judged(res) := result.exempt(res, "a role of the platform or of a well-known operator (ignore_roles)") if _ignored

_judged(res) := res if not _ignored

deny contains _judged(_adjusted(result.at(path, message), i)) if {
	some i, _ in input.attr.rules
	asterisks := _asterisks(i)
	count(asterisks) > 0
	count({field | some [field, _] in asterisks}) < 3
	[field, j] := asterisks[0]
	path := sprintf("rules[%d].%s[%d]", [i, field, j])
	message := sprintf("role %q has a wildcard in %s", [input.name, _names(asterisks)])
}
