# METADATA
# title: A required organizational policy is missing in-cluster
# description: >-
#   Checks before deployment see what goes through the pipeline. A policy of the engine in
#   the cluster sees what is applied past it as well, by kubectl or by a controller.
# related_resources:
#   - description: Kyverno, policies
#     ref: https://kyverno.io/policies/
#   - description: Gatekeeper library
#     ref: https://open-policy-agent.github.io/gatekeeper-library/website/
# custom:
#   id: PLM-ADM-017
#   severity: low
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   advisory: true
#   on:
#     - workload
#     - helm_release
#     - "kyverno.io/*/*"
#     - "policies.kyverno.io/*/*"
#     - "constraints.gatekeeper.sh/*/*"
#     - "templates.gatekeeper.sh/*/*"
#     - "config.gatekeeper.sh/*/*"
#     - "admissionregistration.k8s.io/*/ValidatingAdmissionPolicy"
#   remediation: |
#     Add the policy from the library of the engine.
#     Kubernetes: kubectl apply -f https://raw.githubusercontent.com/kyverno/policies/main/pod-security/baseline/disallow-privileged-containers/disallow-privileged-containers.yaml
#     Terraform:
#       resource "helm_release" "kyverno_policies" {
#         name       = "kyverno-policies"
#         namespace  = "kyverno"
#         repository = "https://kyverno.github.io/kyverno/"
#         chart      = "kyverno-policies"
#         values     = [yamlencode({ validationFailureAction = "Enforce" })]
#       }
#   parameters:
#     - name: required_admission_controls
#       type: list(string)
#       default: []
#       description: >-
#         Controls that a policy in the cluster must cover: privileged, host-namespaces, registry,
#         signatures, labels.
package plimsoll.rules.adm.missing_control

import data.plimsoll.lib.admission
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.missing_control

_controls := data.plimsoll.facts.admission_controls.controls

_signs := object.get(input.stack.facts, "policy_engines", [])

_kyverno := array.concat(
	admission.of_kind("kyverno.io", {"ClusterPolicy", "Policy"}),
	admission.of_kind("policies.kyverno.io", set()),
)

_covered(control) if {
	some policy in _kyverno
	admission.listed(policy.name, _controls[control].kyverno)
}

_covered(control) if {
	some policy in _kyverno
	some rule in policy.raw.spec.rules
	some field in _controls[control].kyverno_fields
	_has(rule, field)
}

_covered("signatures") if {
	some policy in _kyverno
	contains(admission.last(policy.kind), "ImageValidatingPolicy")
}

_covered(control) if {
	some constraint in admission.of_kind("constraints.gatekeeper.sh", set())
	admission.listed(admission.last(constraint.kind), _controls[control].gatekeeper)
}

_covered(control) if {
	some policy in array.concat(_kyverno, admission.of_kind("admissionregistration.k8s.io", {"ValidatingAdmissionPolicy"}))
	some validation in policy.raw.spec.validations
	some word in _controls[control].expressions
	is_string(validation.expression)
	contains(validation.expression, word)
}

_has(rule, field) if rule[field]

_has(rule, field) if rule.validate[field]

deny contains result.gap(input.stack.documents[_signs[0].document], message) if {
	some control in _params.required_admission_controls
	not _covered(control)
	message := sprintf("no policy of %s covers %s", [_signs[0].name, control])
}
