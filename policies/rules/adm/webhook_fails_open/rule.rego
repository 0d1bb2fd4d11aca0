# METADATA
# title: Security webhook fails open
# description: >-
#   With the failure policy Ignore the API server admits what the webhook did not answer
#   for. Whoever keeps it busy or takes it down is past every policy.
# related_resources:
#   - description: Kubernetes, dynamic admission control, failure policy
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy
#   - description: Kubernetes, admission webhook good practices
#     ref: https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/
# custom:
#   id: PLM-ADM-007
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Fail closed, call the webhook for no more than it judges, and run several replicas of it.
#     Kubernetes: failurePolicy: Fail
#     Terraform: failure_policy = "Fail"
#   on: [webhook_configuration]
#   needs: ["webhooks[*].failurePolicy"]
#   reads: ["webhooks[*].name", "webhooks[*].failurePolicy"]
#   parameters:
#     - name: fail_closed_webhooks
#       type: list(string)
#       default:
#         - "*gatekeeper*"
#         - "*kyverno*"
#         - "*kubewarden*"
#         - "*jspolicy*"
#         - "*open-policy-agent*"
#         - "*opa-*"
#         - "*admission-policy*"
#         - "*policy-controller*"
#         - "*policy.sigstore.dev*"
#         - "*cosign*"
#         - "*connaisseur*"
#         - "*ratify*"
#         - "*notation*"
#         - "*portieris*"
#         - "*image-policy*"
#         - "*imagepolicy*"
#       description: >-
#         Names of webhooks, or of their configurations, that must fail closed; an asterisk stands for
#         any text.
package plimsoll.rules.adm.webhook_fails_open

import data.plimsoll.lib.admission
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.webhook_fails_open

_must_fail(webhook) if admission.listed(webhook.name, _params.fail_closed_webhooks)

_must_fail(_) if admission.listed(input.name, _params.fail_closed_webhooks)

_default := "Ignore" if admission.is_beta(input.kind)

_default := "Fail" if not admission.is_beta(input.kind)

deny contains result.at(sprintf("webhooks[%d].failurePolicy", [i]), message) if {
	some i, webhook in input.attr.webhooks
	is_number(i)
	_must_fail(webhook)
	admission.setting(webhook, "failurePolicy", _default) == "Ignore"
	message := sprintf("webhook %q lets everything pass while it does not answer", [admission.setting(webhook, "name", input.name)])
}
