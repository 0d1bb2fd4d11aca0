# METADATA
# title: Role may write RBAC objects
# description: >-
#   Whoever writes roles and bindings hands out rights, to everyone and for good:
#   granting is administration, even where it is limited to rights one has.
# related_resources:
#   - description: Kubernetes RBAC, privilege escalation prevention
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
#   - description: RBAC good practices
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   id: PLM-RBAC-014
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Leave writing to the GitOps controller that applies reviewed manifests; others may read.
#     Kubernetes: {apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [get, list, watch]}
#     Terraform: verbs = ["get", "list", "watch"]
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   aliases: [manage_kubernetes_rbac_resources]
package plimsoll.rules.rbac.write_rbac

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_adjusted(res, grant) := result.with_severity(res, "low") if grant.idle

_adjusted(res, grant) := res if not grant.idle

deny contains roles.judged(_adjusted(result.at(grant.path, message), grant)) if {
	some grant in roles.granted.write_rbac
	message := sprintf("%s may write %s%s", [roles.subject, grant.what, roles.idle_note(grant)])
}
