# METADATA
# title: Broad exemption from the policy engine
# description: >-
#   An exemption from every policy, or for whole namespaces of tenants, is where whoever is
#   refused elsewhere goes next. It grows into the norm.
# related_resources:
#   - description: Kyverno, policy exceptions
#     ref: https://kyverno.io/docs/exceptions/
#   - description: Gatekeeper, exempting namespaces
#     ref: https://open-policy-agent.github.io/gatekeeper/website/docs/exempt-namespaces/
# custom:
#   id: PLM-ADM-015
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name the policy, the rule, the namespace and the workload, and let the exemption expire. Take the label
#     admission.gatekeeper.sh/ignore off the namespace.
#     Kubernetes:
#       spec:
#         exceptions: [{policyName: disallow-host-path, ruleNames: [host-path]}]
#         match: {any: [{resources: {kinds: [Pod], namespaces: [shop], names: ["legacy-*"]}}]}
#     Terraform:
#       manifest = {
#         spec = {
#           exceptions = [{ policyName = "disallow-host-path", ruleNames = ["host-path"] }]
#           match      = { any = [{ resources = { kinds = ["Pod"], namespaces = ["shop"], names = ["legacy-*"] } }] }
#         }
#       }
#   on:
#     - namespace
#     - webhook_configuration
#     - "kyverno.io/*/PolicyException"
#     - "policies.kyverno.io/*/PolicyException"
#     - "config.gatekeeper.sh/*/Config"
#   needs: ["spec.matchConditions", "spec.images", "spec.allowedValues"]
#   reads: [labels, "webhooks[*]", "spec.exceptions[*]", spec.match, "spec.policyRefs[*]"]
#   parameters:
#     - name: exempt_namespaces
#       type: list(string)
#       default: [kube-*, gatekeeper-system, kyverno]
#       description: Namespaces that may be left out; an asterisk stands for any text.
package plimsoll.rules.adm.broad_exemption

import data.plimsoll.lib.admission
import data.plimsoll.lib.paths
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.broad_exemption

_is_tenant(name) if {
	is_string(name)
	not admission.listed(name, _params.exempt_namespaces)
}

_is_exception if admission.last(input.kind) == "PolicyException"

# Kyverno: every policy, or every rule of one.
deny contains result.at(sprintf("spec.exceptions[%d].policyName", [i]), message) if {
	_is_exception
	some i, exception in input.raw.spec.exceptions
	exception.policyName == "*"
	message := sprintf("PolicyException %q is from every policy", [input.name])
}

deny contains result.at(sprintf("spec.policyRefs[%d].name", [i]), message) if {
	_is_exception
	some i, ref in input.raw.spec.policyRefs
	ref.name == "*"
	message := sprintf("PolicyException %q is from every policy", [input.name])
}

# What a filter may say beside kinds and operations, to say something.
_narrowing := {
	"names", "name", "namespaces", "selector", "namespaceSelector", "annotations",
}

_says_something(value) if {
	some element in value
	element != "*"
}

_says_something(value) if {
	is_object(value)
	count(value) > 0
}

_says_something(value) if {
	is_string(value)
	value != "*"
}

_is_narrow(filter) if {
	some field in _narrowing
	_says_something(filter.resources[field])
}

_is_narrow(filter) if {
	some field in ["subjects", "roles", "clusterRoles"]
	_says_something(filter[field])
}

# One filter of any is enough; all of them narrow together.
deny contains result.at(sprintf("spec.match.any[%d]", [i]), _for_everything) if {
	_is_exception
	some i, filter in input.raw.spec.match.any
	is_number(i)
	not _is_narrow(filter)
}

deny contains result.at("spec.match.all", _for_everything) if {
	_is_exception
	is_array(input.raw.spec.match.all)
	count([filter | some filter in input.raw.spec.match.all; _is_narrow(filter)]) == 0
}

_for_everything := sprintf("PolicyException %q is for every object of its kinds, in every namespace", [input.name])

# The new kind of exception is for everything unless it says for what.
deny contains result.at("spec", message) if {
	startswith(input.kind, "policies.kyverno.io/")
	is_object(input.raw.spec)
	every field in ["matchConditions", "images", "allowedValues"] {
		not _says_something(object.get(input.raw, ["spec", field], null))
	}
	message := sprintf("PolicyException %q is for everything that its policies judge", [input.name])
}

# Gatekeeper.
deny contains result.at(sprintf("spec.match[%d].excludedNamespaces[%d]", [i, j]), message) if {
	admission.last(input.kind) == "Config"
	some i, match in input.raw.spec.match
	some j, name in match.excludedNamespaces
	_is_tenant(name)
	message := sprintf("Gatekeeper does not judge namespace %s", [name])
}

deny contains result.at(paths.key("labels", _ignore), message) if {
	input.type == "namespace"
	input.attr.labels[_ignore]
	_is_tenant(input.name)
	message := sprintf("Gatekeeper does not judge namespace %s", [input.name])
}

_ignore := "admission.gatekeeper.sh/ignore"

# What the engines' own webhooks are not called for.
deny contains result.at(path, message) if {
	input.type == "webhook_configuration"
	some i, webhook in input.attr.webhooks
	is_number(i)
	regex.match(`kyverno|gatekeeper`, sprintf("%v %v", [input.name, admission.setting(webhook, "name", "")]))
	some j, expression in webhook.namespaceSelector.matchExpressions
	is_number(j)
	expression.key == "kubernetes.io/metadata.name"
	expression.operator == "NotIn"
	some k, name in expression.values
	_is_tenant(name)
	path := sprintf("webhooks[%d].namespaceSelector.matchExpressions[%d].values[%d]", [i, j, k])
	message := sprintf("webhook %q is not called for namespace %s", [admission.setting(webhook, "name", input.name), name])
}
