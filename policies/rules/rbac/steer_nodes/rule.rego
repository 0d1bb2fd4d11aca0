# METADATA
# title: Role may modify nodes or evict others' pods
# description: >-
#   Taints, labels and drains decide where workloads run. Who sets them brings a victim
#   next to an attacker, or an attacker's pod onto the node of a victim.
# related_resources:
#   - description: Kubernetes, assigning pods to nodes, node isolation
#     ref: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-isolation-restriction
#   - description: Kubernetes, API-initiated eviction
#     ref: https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
# custom:
#   id: PLM-RBAC-026
#   severity: medium
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Leave nodes to the autoscaler and to the node agents; list such a role under allowed_controllers.
#     Kubernetes: {apiGroups: [""], resources: [nodes], verbs: [get, list, watch]}
#     Terraform: verbs = ["get", "list", "watch"]
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   parameters:
#     - name: allowed_controllers
#       type: list(string)
#       default: ["system:*", "eks:*"]
#       description: >-
#         Names of roles that may, beside the well-known controllers of data/operator_roles.json;
#         an asterisk stands for any text.
package plimsoll.rules.rbac.steer_nodes

import data.plimsoll.lib.operators
import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_params := data.plimsoll.params.rbac.steer_nodes

_adjusted(res, grant) := result.with_severity(res, "low") if grant.idle

_adjusted(res, grant) := res if not grant.idle

_judged(grant, message) := operators.judge(
	"PLM-RBAC-026",
	{"name": "allowed_controllers", "patterns": _params.allowed_controllers},
	_adjusted(result.at(grant.path, message), grant),
)

_nodes := roles.granted.steer_nodes

deny contains roles.judged(_judged(grant, message)) if {
	some grant in _nodes
	message := sprintf("%s may change or delete %s%s", [roles.subject, grant.what, roles.idle_note(grant)])
}

deny contains roles.judged(_judged(grant, message)) if {
	some grant in roles.granted.evict_pods
	every other in _nodes {
		other.rule != grant.rule
	}
	message := sprintf("%s may evict pods by %s", [roles.subject, grant.what])
}
