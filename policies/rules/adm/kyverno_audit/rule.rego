# METADATA
# title: Kyverno policy only audits
# description: >-
#   What breaks the policy is admitted and shows in a report at best. Audit is what Kyverno
#   does when a policy says nothing.
# related_resources:
#   - description: Kyverno, validate rules
#     ref: https://kyverno.io/docs/policy-types/cluster-policy/validate/
#   - description: Kyverno, policy settings
#     ref: https://kyverno.io/docs/policy-types/cluster-policy/policy-settings/
# custom:
#   id: PLM-ADM-011
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Deny, once the reports show that nothing breaks. A ValidatingPolicy says so by validationActions: [Deny].
#     Kubernetes: spec: {rules: [{name: owner, validate: {failureAction: Enforce}}]}
#     Terraform: manifest = { spec = { rules = [{ name = "owner", validate = { failureAction = "Enforce" } }] } }
#   on:
#     - "kyverno.io/*/ClusterPolicy"
#     - "kyverno.io/*/Policy"
#     - "policies.kyverno.io/*/ValidatingPolicy"
#     - "policies.kyverno.io/*/NamespacedValidatingPolicy"
#     - "policies.kyverno.io/*/ImageValidatingPolicy"
#     - "policies.kyverno.io/*/NamespacedImageValidatingPolicy"
#   needs: [spec.validationFailureAction, "spec.rules[*].validate.failureAction", "spec.rules[*].verifyImages", spec.validationActions]
#   reads:
#     - spec.validationFailureAction
#     - "spec.rules[*]"
#     - spec.validationActions
#     - spec.failurePolicy
#     - spec.webhookConfiguration.failurePolicy
#     - spec.admission
#     - spec.evaluation.admission.enabled
#   parameters:
#     - name: audit_ok_policies
#       type: list(string)
#       default: []
#       description: Names of policies that are meant to audit; an asterisk stands for any text.
package plimsoll.rules.adm.kyverno_audit

import data.plimsoll.lib.admission
import data.plimsoll.lib.known
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.kyverno_audit

_is_meant_to if admission.listed(input.name, _params.audit_ok_policies)

_is_new if startswith(input.kind, "policies.kyverno.io/")

_subject := sprintf("%s %q", [admission.last(input.kind), input.name])

# The rules that could deny; those that mutate or generate do not.
_judging contains i if {
	some i, rule in input.raw.spec.rules
	some field in ["validate", "verifyImages"]
	rule[field]
}

_can_deny if count(_judging) > 0

_can_deny if _is_new

_policy_action := object.get(input.raw, ["spec", "validationFailureAction"], "Audit")

_is_audit(action) if {
	is_string(action)
	lower(action) != "enforce"
}

_actions contains {"path": path, "action": action} if {
	some i, rule in input.raw.spec.rules
	action := rule.validate.failureAction
	path := sprintf("spec.rules[%d].validate.failureAction", [i])
}

_actions contains {"path": path, "action": image.failureAction} if {
	some i, rule in input.raw.spec.rules
	some j, image in rule.verifyImages
	path := sprintf("spec.rules[%d].verifyImages[%d].failureAction", [i, j])
}

# A rule without an action of its own does what the policy says.
_actions contains {"path": "spec.validationFailureAction", "action": _policy_action} if {
	some i in _judging
	not input.raw.spec.rules[i].validate.failureAction
	known.left_out(input.unknown, sprintf("spec.rules[%d].validate.failureAction", [i]))
	count([image | some image in input.raw.spec.rules[i].verifyImages; image.failureAction]) == 0
}

deny contains result.at(found.path, message) if {
	not _is_meant_to
	some found in _actions
	_is_audit(found.action)
	message := sprintf("%s admits what breaks it: its action is %s", [_subject, found.action])
}

# Without actions the new kinds deny.
deny contains result.at("spec.validationActions", message) if {
	not _is_meant_to
	_is_new
	actions := [action | some action in input.raw.spec.validationActions]
	count(actions) > 0
	not "Deny" in actions
	message := sprintf("%s admits what breaks it: its actions are %s", [_subject, concat(", ", [sprintf("%v", [action]) | some action in actions])])
}

deny contains result.at(path, message) if {
	not _is_meant_to
	_can_deny
	some path in ["spec.failurePolicy", "spec.webhookConfiguration.failurePolicy"]
	object.get(input.raw, split(path, "."), "Fail") == "Ignore"
	message := sprintf("%s lets everything pass while Kyverno does not answer", [_subject])
}

deny contains result.at(path, message) if {
	not _is_meant_to
	_can_deny
	some path in ["spec.admission", "spec.evaluation.admission.enabled"]
	object.get(input.raw, split(path, "."), true) == false
	message := sprintf("%s is applied in the background only, to what is there already", [_subject])
}
