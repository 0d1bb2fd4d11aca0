# METADATA
# title: Long-lived service account token Secret
# description: >-
#   The token never expires, names no audience and works from anywhere. Whoever has
#   read the Secret once is the account until somebody deletes it.
# related_resources:
#   - description: Kubernetes, manual API token management for service accounts
#     ref: https://kubernetes.io/docs/concepts/security/service-accounts/#get-a-token
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-024
#   severity: medium
#   category: credentials
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Delete the Secret. Give pods a projected token with an audience and an expiry, and callers from outside an
#     IAM role with an access entry.
#     Kubernetes: volumes: [{name: token, projected: {sources: [{serviceAccountToken: {audience: vault, expirationSeconds: 3600, path: token}}]}}]
#     Terraform:
#       resource "kubernetes_token_request_v1" "vault" {
#         metadata {
#           name      = "web"
#           namespace = "shop"
#         }
#         spec { audiences = ["vault"] }
#       }
#   on: [secret, service_account]
#   scope: stack
#   reads: [type, "secrets[*].name"]
#   controls:
#     eks-bpg: [iam]
#   aliases: [C-0261]
package plimsoll.rules.rbac.token_secret

import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_token := "kubernetes.io/service-account-token"

_account(secret) := sprintf(" of account %s", [secret.attr.annotations["kubernetes.io/service-account.name"]])

_whose(secret) := _account(secret)

_whose(secret) := "" if not _account(secret)

deny contains result.on(secret, "type", message) if {
	some secret in stack.documents("secret")
	secret.attr.type == _token
	message := sprintf("Secret %q is a token%s that never expires", [secret.name, _whose(secret)])
}

deny contains result.as_unknown(result.on(secret, "type", message), known.reason(secret, "type")) if {
	some secret in stack.documents("secret")
	message := sprintf("whether Secret %q is a service account token is not known", [secret.name])
}

# Secrets of the set by namespace and name, with their types.
_types[key] contains object.get(secret.attr, "type", "not known") if {
	some secret in stack.documents("secret")
	key := sprintf("%s/%s", [secret.namespace, secret.name])
}

# An account lists a token when the Secret is one, or when it is not in the set and
# has the name that Kubernetes gave tokens until 1.24.
_lists_token(account, name) if _token in _types[sprintf("%s/%s", [account.namespace, name])]

_lists_token(account, name) if {
	is_string(name)
	not _types[sprintf("%s/%s", [account.namespace, name])]
	regex.match(`-token(-[bcdfghjklmnpqrstvwxz2456789]{5})?$`, name)
}

deny contains result.on(account, sprintf("secrets[%d].name", [i]), message) if {
	some account in stack.documents("service_account")
	some i, secret in account.attr.secrets
	_lists_token(account, secret.name)
	message := sprintf("service account %q lists %s, a token that never expires", [account.name, secret.name])
}

deny contains result.as_unknown(result.on(account, path, message), reason) if {
	some account in stack.documents("service_account")
	some i, _ in account.attr.secrets
	path := sprintf("secrets[%d].name", [i])
	reason := known.reason(account, path)
	message := sprintf("whether service account %q lists a token is not known", [account.name])
}
