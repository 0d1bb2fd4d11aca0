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
#   remediation: |
#     List the API groups, resources and verbs that are needed.
#     Kubernetes: {apiGroups: [apps], resources: [deployments, replicasets], verbs: [get, list, watch]}
#     Terraform: resources = ["deployments", "replicasets"]
#   on: [rbac_role]
#   reads: ["rules[*]"]
#   parameters:
#     - name: ignore_roles
#       type: list(string)
#       default: ["system:*", "eks:*"]
#       description: >-
#         Names of roles that may, beside those of the well-known operators of
#         data/operator_roles.json; an asterisk stands for any text.
#   controls:
#     cis-eks: ["4.1.3"]
#     eks-bpg: [iam]
#   aliases: [KSV-0045, KSV-0046, restrict_wildcard_for_roles, restrict_wildcard_for_cluster_roles]
package plimsoll.rules.rbac.wildcard

import data.plimsoll.lib.operators
import data.plimsoll.lib.result
import data.plimsoll.lib.roles

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

# Secrets are among what may be read, whatever may be done beside reading.
_reads_secrets(i) if {
	"*" in input.attr.rules[i].resources
	some group in ["", "*"]
	group in input.attr.rules[i].api_groups
	some verb in ["get", "list", "watch"]
	verb in input.attr.rules[i].verbs
}

_adjusted(res, i) := result.with_severity(res, "high") if _reads_secrets(i)

_adjusted(res, i) := res if not _reads_secrets(i)

_judged(res) := operators.judge(
	"PLM-RBAC-003",
	{"name": "ignore_roles", "patterns": _params.ignore_roles},
	res,
)

deny contains roles.judged(_judged(_adjusted(result.at(path, message), i))) if {
	some i, _ in input.attr.rules
	asterisks := _asterisks(i)
	count({field | some [field, _] in asterisks}) < 3
	[field, j] := asterisks[0]
	path := sprintf("rules[%d].%s[%d]", [i, field, j])
	message := sprintf("%s has a wildcard in %s", [roles.subject, _names(asterisks)])
}
