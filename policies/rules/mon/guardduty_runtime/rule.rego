# METADATA
# title: GuardDuty Runtime Monitoring is off or unmanaged
# description: >-
#   Threats inside running containers are seen only when Runtime Monitoring is on and its
#   agent is deployed to the nodes.
# related_resources:
#   - description: GuardDuty Runtime Monitoring for EKS
#     ref: https://docs.aws.amazon.com/guardduty/latest/ug/how-runtime-monitoring-works-eks.html
# custom:
#   id: PLM-MON-007
#   severity: medium
#   category: detection
#   since: 0.1.0
#   formats: [T, C]
#   scope: stack
#   on: [guardduty_detector]
#   remediation: >-
#     Enable the feature RUNTIME_MONITORING with EKS_ADDON_MANAGEMENT, or deploy the add-on
#     aws-guardduty-agent yourself.
#   controls:
#     securityhub: [GuardDuty.7, GuardDuty.11]
#     eks-bpg: [runtime]
#   aliases: []
package plimsoll.rules.mon.guardduty_runtime

import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_names := {"RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"}

deny contains res if {
	some detector in _switched_on
	not _on(detector)
	not _unknown(detector)
	place := _place(detector)
	res := result.on(place.document, place.path, "GuardDuty is on without Runtime Monitoring")
}

deny contains res if {
	some detector in stack.documents("guardduty_detector")
	_unmanaged(detector)
	not _unknown(detector)
	message := "Runtime Monitoring is on, but nothing puts its agent on the nodes: EKS_ADDON_MANAGEMENT is off"
	place := _place(detector)
	res := result.on(place.document, place.path, message)
}

deny contains result.on(detector, "features.RUNTIME_MONITORING.status", message) if {
	some detector in stack.documents("guardduty_detector")
	_enabled(detector, "RUNTIME_MONITORING")
	_enabled(detector, "EKS_RUNTIME_MONITORING")
	message := "RUNTIME_MONITORING and EKS_RUNTIME_MONITORING exclude each other"
}

deny contains res if {
	some detector in _switched_on
	not _on(detector)
	_unknown(detector)
	message := "whether GuardDuty Runtime Monitoring is on is not known before deployment"
	place := _place(detector)
	res := result.as_unknown(result.on(place.document, place.path, message), "a feature's status is not known yet")
}

deny contains res if {
	some detector in stack.documents("guardduty_detector")
	_unmanaged(detector)
	_unknown(detector)
	message := "whether GuardDuty puts its agent on the nodes is not known before deployment"
	place := _place(detector)
	res := result.as_unknown(result.on(place.document, place.path, message), "a feature's configuration is not known yet")
}

_switched_on contains detector if {
	some detector in stack.documents("guardduty_detector")
	object.get(detector.attr, "enabled", true)
}

_on(detector) if {
	some name in _names
	_enabled(detector, name)
}

_enabled(detector, name) if _feature(detector, name).status == "ENABLED"

_unmanaged(detector) if {
	some name in _names
	_enabled(detector, name)
	not _agent_managed(detector, name)
	not _agent_installed
}

_agent_managed(detector, name) if _feature(detector, name).additional.EKS_ADDON_MANAGEMENT == "ENABLED"

_agent_installed if {
	some addon in stack.documents("eks_addon")
	addon.attr.name == "aws-guardduty-agent"
}

# A feature is written as a resource beside the detector or inside it.
_feature(detector, name) := object.get(_separate, name, object.get(detector.attr, ["features", name], {}))

_separate := {name: {"status": feature.attr.status, "additional": object.get(feature.attr, "additional", {})} |
	some feature in stack.documents("guardduty_feature")
	name := feature.attr.name
}

# Where the feature is written, or belongs.
_place(detector) := {"document": detector, "path": "features.RUNTIME_MONITORING.status"} if count(_resources) == 0

_place(_) := {"document": _resources[0], "path": "status"} if count(_resources) > 0

_resources := [feature |
	some feature in stack.documents("guardduty_feature")
	object.get(feature.attr, "name", "RUNTIME_MONITORING") in _names
]

_unknown(detector) if {
	some path in object.keys(object.union(detector.unknown, detector.partial))
	startswith(path, "features")
}

_unknown(_) if {
	some feature in stack.documents("guardduty_feature")
	some path in object.keys(feature.unknown)
	regex.match(`^(name|status|additional)`, path)
}
