# METADATA
# title: Role may exec, attach, port-forward or debug pods
# description: >-
#   Exec, attach, port-forward and ephemeral containers give a shell or a connection
#   inside workloads, with their service account, their Secrets and their network, and
#   past everything that reviewed their manifests.
# related_resources:
#   - description: RBAC good practices, privilege escalation risks
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
#   - description: Kubernetes, ephemeral containers
#     ref: https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/
# custom:
#   id: PLM-RBAC-007
#   severity: medium
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Take the resources out of the everyday role; keep them in a break-glass role that is bound for a limited time.
#     Kubernetes: {apiGroups: [""], resources: [pods, pods/log], verbs: [get, list, watch]}
#     Terraform: resources = ["pods", "pods/log"]
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   aliases: [C-0002, C-0063]
package plimsoll.rules.rbac.enter_pods

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_adjusted(res) := result.with_severity(res, "high") if input.attr.cluster_scoped

_adjusted(res) := res if not input.attr.cluster_scoped

_where := "in every namespace" if input.attr.cluster_scoped

_where := sprintf("in namespace %s", [input.namespace]) if not input.attr.cluster_scoped

deny contains roles.judged(_adjusted(result.at(grant.path, message))) if {
	some grant in roles.granted.enter_pods
	message := sprintf("%s may use %s %s", [roles.subject, grant.what, _where])
}
