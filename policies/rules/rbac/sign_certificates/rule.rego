# METADATA
# title: Role may approve or sign certificate requests
# description: >-
#   A client certificate can name any user and group, and is good until it expires:
#   nothing revokes it. Whoever approves or signs requests can make one for anybody.
# related_resources:
#   - description: RBAC good practices, CSRs and certificate issuing
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing
#   - description: Kubernetes, certificate signing requests
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
# custom:
#   id: PLM-RBAC-011
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Take the grant out; let people and tools authenticate with IAM or OIDC.
#     Kubernetes: {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [get, list, watch]}
#     Terraform: resources = ["certificatesigningrequests"]
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   aliases: [C-0280, CKV_K8S_156]
package plimsoll.rules.rbac.sign_certificates

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_adjusted(res, grant) := result.with_severity(res, "low") if grant.idle

_adjusted(res, grant) := res if not grant.idle

deny contains roles.judged(_adjusted(result.at(grant.path, message), grant)) if {
	some grant in roles.granted.sign_certificates
	message := sprintf("%s may approve or sign certificates by %s%s", [roles.subject, grant.what, roles.idle_note(grant)])
}
