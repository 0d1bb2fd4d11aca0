# METADATA
# title: Gatekeeper constraint does not deny
# description: >-
#   With dryrun or warn what breaks the constraint is admitted; it shows in the status of
#   the constraint, or in a warning that a pipeline does not read.
# related_resources:
#   - description: Gatekeeper, handling constraint violations
#     ref: https://open-policy-agent.github.io/gatekeeper/website/docs/violations/
#   - description: Gatekeeper, enforcement points
#     ref: https://open-policy-agent.github.io/gatekeeper/website/docs/enforcement-points/
# custom:
#   id: PLM-ADM-012
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Deny, once the audit shows that nothing breaks.
#     Kubernetes: spec: {enforcementAction: deny}
#     Terraform: manifest = { spec = { enforcementAction = "deny" } }
#   on: ["constraints.gatekeeper.sh/*/*"]
#   needs: ["spec.scopedEnforcementActions"]
#   reads: [spec.enforcementAction, "spec.scopedEnforcementActions"]
package plimsoll.rules.adm.gatekeeper_dryrun

import data.plimsoll.lib.admission
import data.plimsoll.lib.result

_subject := sprintf("%s %q", [admission.last(input.kind), input.name])

deny contains result.at("spec.enforcementAction", message) if {
	input.raw.spec.enforcementAction in {"dryrun", "warn"}
	message := sprintf("constraint %s admits what breaks it: its action is %s", [_subject, input.raw.spec.enforcementAction])
}

deny contains result.at("spec.scopedEnforcementActions", message) if {
	input.raw.spec.enforcementAction == "scoped"
	not admission.denies(input)
	message := sprintf("constraint %s denies nothing when it is admitted", [_subject])
}
