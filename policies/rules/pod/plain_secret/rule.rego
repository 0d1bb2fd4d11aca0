# METADATA
# title: Secret in clear text in env, args or annotations
# description: >-
#   A credential stands in the manifest itself. Everybody who may read the repository
#   or the object has it, it is in the history for good, and rotating it means a
#   deployment.
# related_resources:
#   - description: Distribute credentials securely using Secrets
#     ref: https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/
#   - description: EKS best practices, data encryption and secrets management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html
# custom:
#   id: PLM-POD-032
#   severity: high
#   category: secrets
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Take the value out, rotate it, and refer to it by secretKeyRef or mount it from an external secret store.
#     Kubernetes: env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]
#     Terraform:
#       env {
#         name = "DB_PASSWORD"
#         value_from {
#           secret_key_ref {
#             name = "db"
#             key  = "password"
#           }
#         }
#       }
#   on: [workload]
#   reads: ["containers[*].env[*].name"]
#   secret: true
#   parameters:
#     - name: secret_patterns
#       type: list(string)
#       default: []
#       description: Regular expressions of further credentials, beside the bundled ones.
#     - name: placeholder_patterns
#       type: list(string)
#       default:
#         - "(?i)change[-_ ]?me|replace[-_ ]?(?:me|this|with)|place[-_ ]?holder|example|dummy|sample|to[-_ ]?do\\b|fix[-_ ]?me|redacted|not[-_ ]?set"
#         - "(?i)^(?:your|my|the|some|insert|enter|test|fake)[-_ ]|^(?:password|passwd|secret|token|api[-_]?key|key|value|test|none|nil|null|empty|foo|bar|baz)[0-9]*$"
#         - "\\$\\{[^}]*\\}|\\$\\([^)]*\\)|\\{\\{.*\\}\\}|^%[^%]*%$|^__.*__$|^@.*@$"
#         - "^<.*>$|<[A-Za-z][A-Za-z0-9 _-]*>|^\\[.*\\]$"
#         - "^(?:[x*.?-]|\\.{3})+$|(?i)^x{3,}"
#       description: Regular expressions of texts that stand for a secret and are none; reported with severity info.
#   aliases: [C-0012]
package plimsoll.rules.pod.plain_secret

import data.plimsoll.lib.known
import data.plimsoll.lib.paths
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.secrets

_params := data.plimsoll.params.pod.plain_secret

_adjusted(res, live) := res if live

_adjusted(res, live) := result.with_severity(res, "info") if not live

_form(text) := secrets.form(text, _params.secret_patterns, _params.placeholder_patterns)

# Texts that show a credential by their form, with what it is and where.
_formed[path] := [found, where] if {
	some i, container in input.attr.containers
	some j, entry in pods.list(container.env)
	found := _form(entry.value)
	path := sprintf("containers[%d].env[%d].value", [i, j])
	where := sprintf("the variable %v of %s", [object.get(entry, "name", ""), pods.label(container, i)])
}

_formed[path] := [found, where] if {
	some i, container in input.attr.containers
	some field in ["command", "args"]
	some j, text in pods.list(container[field])
	found := _form(text)
	path := sprintf("containers[%d].%s[%d]", [i, field, j])
	where := sprintf("the %s of %s", [field, pods.label(container, i)])
}

_formed[path] := [found, where] if {
	some key, text in object.get(input.attr, "annotations", {})
	found := _form(text)
	path := paths.key("annotations", key)
	where := sprintf("the annotation %s", [key])
}

deny contains _adjusted(result.at(path, message), found.live) if {
	some path, [found, where] in _formed
	message := sprintf("%s has %s in %s", [pods.subject, found.what, where])
}

# Texts under a name that says credential.
_named[path] contains [verdict, where] if {
	some i, container in input.attr.containers
	some j, entry in pods.list(container.env)
	secrets.names_secret(entry.name)
	verdict := secrets.literal(entry.name, entry.value, _params.placeholder_patterns)
	path := sprintf("containers[%d].env[%d].value", [i, j])
	where := sprintf("the variable %s of %s", [entry.name, pods.label(container, i)])
}

_named[path] contains [verdict, where] if {
	some i, container in input.attr.containers
	some field in ["command", "args"]
	some [j, name, value] in secrets.flags(container[field])
	verdict := secrets.literal(name, value, _params.placeholder_patterns)
	path := sprintf("containers[%d].%s[%d]", [i, field, j])
	where := sprintf("the %s of %s, under %s", [field, pods.label(container, i), name])
}

# Checksums restart pods when a secret changes, and Vault's agent is told paths.
_no_value := `(?i)checksum|hash|digest|sha[0-9]|fingerprint|^vault\.hashicorp\.com/`

_named[path] contains [verdict, where] if {
	some key, text in object.get(input.attr, "annotations", {})
	not regex.match(_no_value, key)
	parts := split(key, "/")
	name := parts[count(parts) - 1]
	secrets.names_secret(name)
	verdict := secrets.literal(name, text, _params.placeholder_patterns)
	verdict == "live"
	regex.match(`^[^\s/]{6,}$`, text)
	path := paths.key("annotations", key)
	where := sprintf("the annotation %s", [key])
}

deny contains _adjusted(result.at(path, message), verdict == "live") if {
	some path, verdicts in _named
	not _formed[path]
	some [verdict, where] in verdicts
	message := sprintf("%s has a plain-text secret in %s", [pods.subject, where])
}

# Whatever a value that is not known yet turns out to be, the name says that it
# is a secret, and here it would not come from a Secret.
deny contains result.as_unknown(result.at(path, message), known.words(state.reason)) if {
	some path, state in input.unknown
	some [_, i, j] in regex.find_all_string_submatch_n(`^containers\[(\d+)\]\.env\[(\d+)\]\.value$`, path, 1)
	container := input.attr.containers[to_number(i)]
	name := container.env[to_number(j)].name
	secrets.names_secret(name)
	message := sprintf("%s may have a plain-text secret in the variable %s of %s", [pods.subject, name, pods.label(container, to_number(i))])
}
