# METADATA
# title: Webhook timeout too long or side effects undeclared
# description: >-
#   Every change waits for the webhook, and at most thirty seconds are left for all of
#   them. Undeclared side effects make dry runs fail or lie. With the match policy Exact a
#   request for another version of the API passes unseen.
# related_resources:
#   - description: Kubernetes, dynamic admission control, webhook configuration
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-configuration
#   - description: EKS best practices, control plane
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/control-plane.html
# custom:
#   id: PLM-ADM-009
#   severity: low
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Answer within ten seconds, have no side effects and match equivalent requests.
#     Kubernetes: {timeoutSeconds: 5, sideEffects: None, matchPolicy: Equivalent}
#     Terraform:
#       timeout_seconds = 5
#       side_effects    = "None"
#       match_policy    = "Equivalent"
#   on: [webhook_configuration]
#   reads: ["webhooks[*].timeoutSeconds", "webhooks[*].sideEffects", "webhooks[*].matchPolicy"]
#   parameters:
#     - name: max_timeout_s
#       type: int
#       default: 10
#       description: The longest timeout that will do, in seconds.
#   controls:
#     eks-bpg: [control-plane]
package plimsoll.rules.adm.slow_webhook

import data.plimsoll.lib.admission
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.slow_webhook

# What the API server fills in.
_defaults := {"timeoutSeconds": 30, "sideEffects": "Unknown", "matchPolicy": "Exact"} if {
	admission.is_beta(input.kind)
}

_defaults := {"timeoutSeconds": 10, "matchPolicy": "Equivalent"} if {
	not admission.is_beta(input.kind)
}

_value(webhook, field) := value if {
	value := webhook[field]
} else := _defaults[field]

_name(webhook) := admission.setting(webhook, "name", input.name)

_place(i, field) := sprintf("webhooks[%d].%s", [i, field])

deny contains result.at(_place(i, "timeoutSeconds"), message) if {
	some i, webhook in input.attr.webhooks
	is_number(i)
	seconds := _value(webhook, "timeoutSeconds")
	is_number(seconds)
	seconds > _params.max_timeout_s
	message := sprintf("webhook %q may take %v seconds to answer", [_name(webhook), seconds])
}

deny contains result.at(_place(i, "sideEffects"), message) if {
	some i, webhook in input.attr.webhooks
	is_number(i)
	effects := _value(webhook, "sideEffects")
	effects in {"Unknown", "Some"}
	message := sprintf("webhook %q has side effects %s", [_name(webhook), effects])
}

deny contains result.with_severity(result.at(_place(i, "matchPolicy"), message), "medium") if {
	some i, webhook in input.attr.webhooks
	is_number(i)
	_value(webhook, "matchPolicy") == "Exact"
	message := sprintf("webhook %q is not called for other versions of the API", [_name(webhook)])
}
