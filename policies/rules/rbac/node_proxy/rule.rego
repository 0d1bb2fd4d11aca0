# METADATA
# title: Role may use nodes/proxy
# description: >-
#   It opens the kubelet's own API: commands in any pod of the node, past admission
#   control and the audit log. The verb get is enough, because exec also works over a
#   websocket, which begins with a GET. The proxies of pods and Services reach
#   whatever listens inside the cluster.
# related_resources:
#   - description: RBAC good practices, access to the proxy subresource of Nodes
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes
#   - description: Kubelet authentication and authorization
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/
# custom:
#   id: PLM-RBAC-008
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name what is read from the kubelet instead: nodes/metrics, nodes/stats, nodes/log, nodes/healthz.
#     Kubernetes: {apiGroups: [""], resources: [nodes/metrics, nodes/stats], verbs: [get]}
#     Terraform: resources = ["nodes/metrics", "nodes/stats"]
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   controls:
#     cis-eks: ["4.1.10"]
#   aliases: [C-0279]
package plimsoll.rules.rbac.node_proxy

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_adjusted(res, grant) := result.with_severity(res, "low") if grant.idle

_adjusted(res, grant) := res if not grant.idle

_nodes := roles.granted.proxy_nodes

_message(grant) := sprintf("%s may use %s%s", [roles.subject, grant.what, roles.idle_note(grant)])

deny contains roles.judged(_adjusted(result.at(grant.path, _message(grant)), grant)) if some grant in _nodes

# The worse of the two speaks for the rule that grants both.
deny contains roles.judged(result.with_severity(result.at(grant.path, _message(grant)), "medium")) if {
	some grant in roles.granted.proxy_pods
	every other in _nodes {
		other.rule != grant.rule
	}
}
