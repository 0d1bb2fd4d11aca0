# METADATA
# title: Plain-text secret in a ConfigMap
# description: >-
#   A ConfigMap is for everybody to read: roles that keep Secrets away grant it, tools
#   print it, and what encrypts Secrets does not cover it. The secret is in the
#   repository besides.
# related_resources:
#   - description: ConfigMaps
#     ref: https://kubernetes.io/docs/concepts/configuration/configmap/
#   - description: EKS best practices, data encryption and secrets management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html
# custom:
#   id: PLM-POD-033
#   severity: high
#   category: secrets
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Take the value out, rotate it, and keep it in a secret store; mount it from there.
#     Kubernetes:
#       apiVersion: external-secrets.io/v1
#       kind: ExternalSecret
#       metadata: {name: db, namespace: shop}
#       spec:
#         secretStoreRef: {kind: ClusterSecretStore, name: aws}
#         data: [{secretKey: password, remoteRef: {key: shop/db, property: password}}]
#     Terraform:
#       resource "aws_secretsmanager_secret" "db" {
#         name = "shop/db"
#       }
#   on: [config_map]
#   reads: [data]
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
#         - "\\$\\{[^}]*\\}|\\$\\([^)]*\\)|\\{\\{.*\\}\\}|^%[^%]*%$|^__.*__$|^@.*@$|^\\$[A-Za-z_]"
#         - "^<.*>$|<[A-Za-z][A-Za-z0-9 _-]*>|^\\[.*\\]$"
#         - "^(?:[x*.?-]|\\.{3})+$|(?i)^x{3,}"
#       description: Regular expressions of texts that stand for a secret and are none.
#   aliases: [C-0012, KSV-0109, KSV-01010]
package plimsoll.rules.pod.config_map_secret

import data.plimsoll.lib.paths
import data.plimsoll.lib.result
import data.plimsoll.lib.secrets

_params := data.plimsoll.params.pod.config_map_secret

# The mappings of aws-auth name roles and users, and are not known before
# deployment where those are made with the cluster.
_is_aws_auth if {
	input.namespace == "kube-system"
	input.name == "aws-auth"
}

_texts[path] := text if {
	not _is_aws_auth
	some key, text in input.attr.data
	is_string(text)
	path := paths.key("data", key)
}

_texts[path] := base64.decode(text) if {
	some key, text in input.raw.binaryData
	base64.is_valid(text)
	path := paths.key("binaryData", key)
}

_formed[path] := secrets.form(text, _params.secret_patterns, _params.placeholder_patterns) if some path, text in _texts

_adjusted(res, live) := res if live

_adjusted(res, live) := result.with_severity(res, "info") if not live

deny contains _adjusted(result.at(path, message), found.live) if {
	some path, found in _formed
	message := sprintf("ConfigMap %q has %s under %s", [input.name, found.what, path])
}

# A line of a properties, env, INI, YAML or JSON file that sets a credential.
_setting := `(?im)^[ \t]*(?:export[ \t]+)?["']?([A-Za-z0-9_.-]*(?:passw|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|pwd)[A-Za-z0-9_.-]*)["']?[ \t]*[:=][ \t]*["']?([^\s"',;#]{3,})`

_named[path] contains name if {
	some path, text in _texts
	some [_, name, value] in regex.find_all_string_submatch_n(_setting, text, 64)
	_is_live(name, value)
}

_named[path] contains key if {
	not _is_aws_auth
	some key, value in input.attr.data
	path := paths.key("data", key)
	is_string(value)
	not contains(value, "\n")
	_is_live(key, value)
}

_is_live(name, value) if {
	secrets.names_secret(name)
	secrets.literal(name, value, _params.placeholder_patterns) == "live"
}

deny contains result.at(path, message) if {
	some path, names in _named
	not _formed[path]
	message := sprintf("ConfigMap %q has a plain-text secret under %s: %s", [input.name, path, concat(", ", sort(names))])
}
