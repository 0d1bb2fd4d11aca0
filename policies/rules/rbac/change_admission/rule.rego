# METADATA
# title: Role may change admission webhooks or admission policies
# description: >-
#   It can switch every guardrail of the cluster off, or send each object on its way to
#   the API server, Secrets included, to an address of its own and change it there.
# related_resources:
#   - description: RBAC good practices, control admission webhooks
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks
#   - description: Kubernetes, admission webhook good practices
#     ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
# custom:
#   id: PLM-RBAC-010
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Leave writing to the policy engine's own account, and name the objects that are its own.
#     Kubernetes: {apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], resourceNames: [cert-manager-webhook], verbs: [get, update, patch]}
#     Terraform: resource_names = ["cert-manager-webhook"]
#   on: [rbac_role]
#   needs: ["rules[*].resource_names"]
#   reads: [cluster_scoped, "rules[*]"]
#   controls:
#     cis-eks: ["4.1.11"]
#   aliases: [C-0281, CKV_K8S_155]
package plimsoll.rules.rbac.change_admission

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_adjusted(res, grant) := result.with_severity(res, "low") if _is_limited(grant)

_adjusted(res, grant) := res if not _is_limited(grant)

_is_limited(grant) if grant.idle

_is_limited(grant) if count(grant.names) > 0

deny contains roles.judged(_adjusted(result.at(grant.path, message), grant)) if {
	some grant in roles.granted.change_admission
	message := sprintf("%s may write %s%s", [roles.subject, grant.what, roles.idle_note(grant)])
}
