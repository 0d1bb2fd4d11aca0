# METADATA
# title: Namespace level is below what the organization requires
# description: >-
#   The organization says which namespaces need which Pod Security level, such as
#   restricted for tenants.
# related_resources:
#   - description: Kubernetes, Pod Security admission
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-ADM-003
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Raise the level to the one that is required.
#     Kubernetes: labels: {pod-security.kubernetes.io/enforce: restricted}
#     Terraform: labels = { "pod-security.kubernetes.io/enforce" = "restricted" }
#   on: [namespace]
#   needs: [labels]
#   reads: [labels]
#   parameters:
#     - name: required_level_by_selector
#       type: map
#       default: {}
#       description: >-
#         Levels by selector. A selector is a list of labels ("tenant=true,stage=prod") or the name
#         of a namespace, where an asterisk stands for any text ("shop-*").
#   supersedes: [PLM-ADM-001]
package plimsoll.rules.adm.namespace_level

import data.plimsoll.lib.admission
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.namespace_level

_selects(selector) if {
	every pair in split(selector, ",") {
		[key, value] := split(pair, "=")
		input.attr.labels[trim_space(key)] == trim_space(value)
	}
}

_selects(selector) if {
	not contains(selector, "=")
	admission.listed(input.name, [selector])
}

# Without the label the level is privileged.
_level := object.get(input.attr, ["labels", admission.label("enforce")], "privileged")

deny contains result.at(admission.place("enforce"), message) if {
	some selector, required in _params.required_level_by_selector
	_selects(selector)
	admission.rank(_level) < admission.rank(required)
	message := sprintf("namespace %q enforces %s, and %q requires %s", [input.name, _level, selector, required])
}
