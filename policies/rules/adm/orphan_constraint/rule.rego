# METADATA
# title: Constraint without its template, or template unused
# description: >-
#   A constraint is of a kind that its template defines: neither does anything without the
#   other.
# related_resources:
#   - description: Gatekeeper, how to use it
#     ref: https://open-policy-agent.github.io/gatekeeper/website/docs/howto/
#   - description: Gatekeeper, constraint templates
#     ref: https://open-policy-agent.github.io/gatekeeper/website/docs/constrainttemplates/
# custom:
#   id: PLM-ADM-014
#   severity: low
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Add the missing half, or delete the other.
#     Kubernetes: {apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sRequiredLabels, metadata: {name: owner}, spec: {parameters: {labels: [{key: owner}]}}}
#     Terraform:
#       resource "kubernetes_manifest" "owner" {
#         manifest = {
#           apiVersion = "constraints.gatekeeper.sh/v1beta1"
#           kind       = "K8sRequiredLabels"
#           metadata   = { name = "owner" }
#           spec       = { parameters = { labels = [{ key = "owner" }] } }
#         }
#       }
#   on: ["constraints.gatekeeper.sh/*/*", "templates.gatekeeper.sh/*/ConstraintTemplate"]
#   scope: stack
package plimsoll.rules.adm.orphan_constraint

import data.plimsoll.lib.admission
import data.plimsoll.lib.known
import data.plimsoll.lib.result

_kind := "spec.crd.spec.names.kind"

_templates := admission.of_kind("templates.gatekeeper.sh", {"ConstraintTemplate"})

_constraints := admission.of_kind("constraints.gatekeeper.sh", set())

_defined := {template.raw.spec.crd.spec.names.kind | some template in _templates}

_open := [template | some template in _templates; known.reason(template, _kind)]

_used := {admission.last(constraint.kind) | some constraint in _constraints}

_orphan(constraint) := result.on(constraint, "kind", sprintf(
	"constraint %q is of the kind %s, which no template defines",
	[constraint.name, admission.last(constraint.kind)],
))

_orphans := [constraint | some constraint in _constraints; not admission.last(constraint.kind) in _defined]

deny contains _orphan(constraint) if {
	some constraint in _orphans
	count(_open) == 0
}

deny contains result.as_unknown(_orphan(constraint), "the kind that a template defines is not known yet") if {
	some constraint in _orphans
	count(_open) > 0
}

deny contains result.on(template, _kind, message) if {
	some template in _templates
	kind := template.raw.spec.crd.spec.names.kind
	not kind in _used
	message := sprintf("ConstraintTemplate %q defines %s, of which there is no constraint", [template.name, kind])
}
