# METADATA
# title: ValidatingAdmissionPolicy without an effective binding
# description: >-
#   The policy is text until a binding says where it applies and that it denies. A failure
#   policy of Ignore, or a binding that allows what it has no parameters for, lets things
#   pass as well.
# related_resources:
#   - description: Kubernetes, validating admission policy
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
#   - description: Kubernetes, validation actions
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-actions
# custom:
#   id: PLM-ADM-013
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Bind the policy, and deny.
#     Kubernetes: {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: registries}, spec: {policyName: registries, validationActions: [Deny]}}
#     Terraform:
#       resource "kubernetes_manifest" "registries" {
#         manifest = {
#           apiVersion = "admissionregistration.k8s.io/v1"
#           kind       = "ValidatingAdmissionPolicyBinding"
#           metadata   = { name = "registries" }
#           spec       = { policyName = "registries", validationActions = ["Deny"] }
#         }
#       }
#   on: ["admissionregistration.k8s.io/*/ValidatingAdmissionPolicy"]
#   scope: stack
package plimsoll.rules.adm.unbound_policy

import data.plimsoll.lib.admission
import data.plimsoll.lib.known
import data.plimsoll.lib.result

_group := "admissionregistration.k8s.io"

_policies := admission.of_kind(_group, {"ValidatingAdmissionPolicy"})

_bindings := admission.of_kind(_group, {"ValidatingAdmissionPolicyBinding"})

# Bindings by the policy they name; a name that is not known yet by its template,
# so that two that are the same agree.
_by_policy[name] contains binding.id if {
	some binding in _bindings
	name := _policy_name(binding)
}

_policy_name(binding) := name if {
	name := binding.raw.spec.policyName
} else := binding.unknown["spec.policyName"].template

_bound(policy) := [input.stack.documents[id] | some id in sort(object.get(_by_policy, policy.name, set()))]

_open := [binding | some binding in _bindings; not binding.raw.spec.policyName]

_denies(binding) if "Deny" in binding.raw.spec.validationActions

_is_open(binding) if known.reason(binding, "spec.validationActions")

_unbound(policy) := result.on(policy, "metadata.name", sprintf("ValidatingAdmissionPolicy %q has no binding", [policy.name]))

deny contains _unbound(policy) if {
	some policy in _policies
	count(_bound(policy)) == 0
	count(_open) == 0
}

deny contains result.as_unknown(_unbound(policy), "which policy a binding is for is not known yet") if {
	some policy in _policies
	count(_bound(policy)) == 0
	count(_open) > 0
}

_toothless(policy, binding) := result.with_related(
	result.on(binding, "spec.validationActions", sprintf(
		"ValidatingAdmissionPolicy %q is bound, but nothing denies what breaks it",
		[policy.name],
	)),
	[result.place(policy, "", "the policy")],
)

_lacks_deny(policy) if {
	every binding in _bound(policy) {
		not _denies(binding)
	}
}

deny contains _toothless(policy, binding) if {
	some policy in _policies
	_lacks_deny(policy)
	some binding in _bound(policy)
	count([other | some other in _bound(policy); _is_open(other)]) == 0
}

deny contains result.as_unknown(_toothless(policy, binding), known.reason(binding, "spec.validationActions")) if {
	some policy in _policies
	_lacks_deny(policy)
	some binding in _bound(policy)
}

deny contains result.on(policy, "spec.failurePolicy", message) if {
	some policy in _policies
	policy.raw.spec.failurePolicy == "Ignore"
	message := sprintf("ValidatingAdmissionPolicy %q lets pass what it cannot judge", [policy.name])
}

deny contains result.as_unknown(result.on(policy, "spec.failurePolicy", message), known.reason(policy, "spec.failurePolicy")) if {
	some policy in _policies
	not policy.raw.spec.failurePolicy
	message := sprintf("whether ValidatingAdmissionPolicy %q lets pass what it cannot judge is not known", [policy.name])
}

# The object with the parameters of a binding, by kind and name.
_has_parameters(policy, ref) if {
	kind := sprintf("%s/%s", [policy.raw.spec.paramKind.apiVersion, policy.raw.spec.paramKind.kind])
	some id in object.get(input.stack.by_kind, kind, [])
	document := input.stack.documents[id]
	document.name == ref.name
	document.namespace == object.get(ref, "namespace", document.namespace)
}

deny contains result.on(binding, "spec.paramRef", message) if {
	some policy in _policies
	some binding in _bound(policy)
	ref := binding.raw.spec.paramRef
	ref.parameterNotFoundAction == "Allow"
	policy.raw.spec.paramKind
	not _has_parameters(policy, ref)
	message := sprintf("ValidatingAdmissionPolicyBinding %q allows everything without its parameters %s, which are not here", [binding.name, ref.name])
}
