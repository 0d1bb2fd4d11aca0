# METADATA
# title: Mutating webhook injects a sidecar that weakens pods
# description: >-
#   The webhook adds the container after the manifest was reviewed. What the template asks
#   for, every pod it is added to has.
# related_resources:
#   - description: Istio, installing the sidecar
#     ref: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
#   - description: Kubernetes, Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-ADM-018
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Harden the containers of the template.
#     Kubernetes: securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}
#     Terraform:
#       security_context {
#         run_as_non_root            = true
#         allow_privilege_escalation = false
#         capabilities { drop = ["ALL"] }
#       }
#   on: [config_map]
#   reads: [data]
package plimsoll.rules.adm.weak_sidecar

import data.plimsoll.lib.paths
import data.plimsoll.lib.result
import data.plimsoll.lib.templates

_is_injector if regex.match(`(?i)inject|sidecar|vault-agent`, input.name)

_listed(problems) := concat(", ", sort(problems))

_found(key, container) := result.at(paths.key("data", key), sprintf(
	"injected %s %s",
	[container.name, _listed(container.problems)],
))

deny contains _judged(_found(key, container), container) if {
	_is_injector
	some key, text in input.attr.data
	some container in templates.containers(text)
	count(container.problems) > 0
}

# What stands under a condition of the template is not there always.
_judged(res, container) := result.as_unknown(res, "it depends on the values of the template") if container.conditional

_judged(res, container) := res if not container.conditional
