# METADATA
# title: No runtime threat detection of any kind
# description: >-
#   Nothing that was read watches what happens inside running containers: neither GuardDuty
#   Runtime Monitoring nor an agent such as Falco.
# related_resources:
#   - description: GuardDuty Runtime Monitoring for EKS
#     ref: https://docs.aws.amazon.com/guardduty/latest/ug/how-runtime-monitoring-works-eks.html
#   - description: EKS Best Practices Guide, runtime security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/runtime-security.html
# custom:
#   id: PLM-MON-008
#   severity: medium
#   category: detection
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   advisory: true
#   on: [eks_cluster]
#   remediation: >-
#     Enable GuardDuty Runtime Monitoring with EKS_ADDON_MANAGEMENT, or deploy Falco or a commercial
#     runtime agent to every node.
#   controls:
#     eks-bpg: [runtime]
#   aliases: []
package plimsoll.rules.mon.no_runtime_detection

import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains result.gap(cluster, message) if {
	some cluster in _undefended
	not _guardduty_unknown
	count(_doubts) == 0
	message := sprintf("nothing that was read detects threats at run time in cluster %q", [cluster.name])
}

deny contains res if {
	some cluster in _undefended
	_guardduty_unknown
	message := "whether GuardDuty Runtime Monitoring is on is not known before deployment"
	res := result.as_unknown(result.gap(cluster, message), "a GuardDuty feature is not known yet")
}

deny contains res if {
	some cluster in _undefended
	not _guardduty_unknown
	count(_doubts) > 0
	message := "whether something detects threats at run time is not known before deployment"
	related := [result.place(input.stack.documents[doubt.document], doubt.path, "this may be an agent") | some doubt in _doubts]
	res := result.as_unknown(result.with_related(result.gap(cluster, message), related), _doubts[0].reason)
}

_undefended contains cluster if {
	some cluster in stack.documents("eks_cluster")
	count(object.get(input.stack.facts, "runtime_agents", [])) == 0
	not _guardduty
}

# DaemonSets and add-ons of which nobody can tell yet what they are.
_doubts := object.get(input.stack.facts, "runtime_agents_unknown", [])

_guardduty if {
	some detector in stack.documents("guardduty_detector")
	some name in ["RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"]
	detector.attr.features[name].status == "ENABLED"
}

_guardduty if {
	some feature in stack.documents("guardduty_feature")
	feature.attr.name in {"RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"}
	feature.attr.status == "ENABLED"
}

_guardduty_unknown if {
	some type in ["guardduty_detector", "guardduty_feature"]
	some document in stack.documents(type)
	some path in object.keys(object.union(document.unknown, document.partial))
	regex.match(`^(features|name|status)`, path)
}
