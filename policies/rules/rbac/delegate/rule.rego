# METADATA
# title: Role holds bind, escalate or impersonate
# description: >-
#   These verbs lift the rule that nobody can hand out more than they have. Bind and
#   escalate make any role one's own, impersonate makes one any other user, group or
#   service account, system:masters included.
# related_resources:
#   - description: RBAC good practices, privilege escalation risks
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
#   - description: Kubernetes, user impersonation
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
# custom:
#   id: PLM-RBAC-006
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Take the verb out. Where a tool cannot do without it, name the objects it is for.
#     Kubernetes: {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [view], verbs: [bind]}
#     Terraform: resource_names = ["view"]
#   on: [rbac_role]
#   needs: ["rules[*].resource_names"]
#   reads: [cluster_scoped, "rules[*]"]
#   controls:
#     cis-eks: ["4.1.8"]
#   aliases: [C-0065, C-0191, CKV_K8S_157, CKV_K8S_158]
package plimsoll.rules.rbac.delegate

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

# Objects that are no limit: who gets one of them has everything.
_all_powerful := {"cluster-admin", "system:masters"}

_adjusted(res, grant) := result.with_severity(res, "low") if _is_limited(grant)

_adjusted(res, grant) := res if not _is_limited(grant)

_is_limited(grant) if grant.idle

_is_limited(grant) if {
	count(grant.names) > 0
	count({name | some name in grant.names} & _all_powerful) == 0
}

_verbs(grant) := concat(", ", [verb |
	some verb in input.attr.rules[grant.rule].verbs
	verb in {"bind", "escalate", "impersonate", "*"}
])

deny contains roles.judged(_adjusted(result.at(grant.path, message), grant)) if {
	some grant in roles.granted.delegate
	message := sprintf("%s holds %s on %s%s", [roles.subject, _verbs(grant), grant.what, roles.idle_note(grant)])
}
