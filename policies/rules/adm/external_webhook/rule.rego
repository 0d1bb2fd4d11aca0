# METADATA
# title: Webhook calls an address outside the cluster
# description: >-
#   Each object it is called for, Secrets included, is sent to that address before it is
#   stored, and a mutating webhook there may change it. Without TLS, or without a CA to
#   check, so may others on the way.
# related_resources:
#   - description: Kubernetes, dynamic admission control, contacting the webhook
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook
#   - description: Kubernetes, admission webhook good practices
#     ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
# custom:
#   id: PLM-ADM-010
#   severity: high
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Run the webhook in the cluster and name its Service.
#     Kubernetes: clientConfig: {service: {namespace: policy, name: webhook, path: /validate}}
#     Terraform:
#       client_config {
#         service {
#           namespace = "policy"
#           name      = "webhook"
#           path      = "/validate"
#         }
#       }
#   on: [webhook_configuration]
#   needs: ["webhooks[*].clientConfig.caBundle", annotations]
#   reads: ["webhooks[*].clientConfig.url", "webhooks[*].clientConfig.caBundle"]
#   parameters:
#     - name: allowed_webhook_hosts
#       type: list(string)
#       default: []
#       description: Hosts outside the cluster that may be called; an asterisk stands for any text.
package plimsoll.rules.adm.external_webhook

import data.plimsoll.lib.admission
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.external_webhook

_name(webhook) := admission.setting(webhook, "name", input.name)

# The control plane calls itself so, as EKS does for Pod Identity.
_is_inside(host) if host in {"localhost", "127.0.0.1", "[::1]"}

# Clusters of EKS have no other domain.
_is_inside(host) if regex.match(`\.svc(\.cluster\.local\.?)?$`, host)

_parts(url) := {"scheme": lower(found[1]), "host": lower(found[2])} if {
	is_string(url)
	some found in regex.find_all_string_submatch_n(`^([A-Za-z]+)://(?:[^@/]*@)?(\[[^\]]*\]|[^/:?#]+)`, url, 1)
}

deny contains result.at(sprintf("webhooks[%d].clientConfig.url", [i]), message) if {
	some i, webhook in input.attr.webhooks
	is_number(i)
	host := _parts(webhook.clientConfig.url).host
	not _is_inside(host)
	not admission.listed(host, _params.allowed_webhook_hosts)
	message := sprintf("webhook %q sends objects to %s, outside the cluster", [_name(webhook), host])
}

deny contains result.at(sprintf("webhooks[%d].clientConfig.url", [i]), message) if {
	some i, webhook in input.attr.webhooks
	is_number(i)
	parts := _parts(webhook.clientConfig.url)
	parts.scheme == "http"
	message := sprintf("webhook %q sends objects to %s without TLS", [_name(webhook), parts.host])
}

_has_ca(webhook) if not object.get(webhook.clientConfig, "caBundle", "") in {"", "Cg==", null}

# Something fills the bundle in.
_is_injected if {
	some key, _ in input.attr.annotations
	regex.match(`^cert-manager\.io/inject-|inject-cabundle$`, key)
}

deny contains result.with_severity(result.at(sprintf("webhooks[%d].clientConfig.caBundle", [i]), message), "low") if {
	some i, webhook in input.attr.webhooks
	is_number(i)
	is_object(webhook.clientConfig.service)
	not _has_ca(webhook)
	not _is_injected
	message := sprintf("webhook %q names no CA to check its Service by", [_name(webhook)])
}
