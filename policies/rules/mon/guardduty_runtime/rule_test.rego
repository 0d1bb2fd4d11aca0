package plimsoll.rules.mon.guardduty_runtime_test

import data.plimsoll.rules.mon.guardduty_runtime

_detector(features, unknown) := {"id": "d", "unknown": unknown, "partial": {}, "attr": {"enabled": true, "features": features}}

_stack(documents, by_type) := {"stack": {"documents": documents, "by_type": by_type}}

_alone(features, unknown) := _stack({"d": _detector(features, unknown)}, {"guardduty_detector": ["d"]})

_managed := {"status": "ENABLED", "additional": {"EKS_ADDON_MANAGEMENT": "ENABLED"}}

test_bare_detector_fails if {
	count(guardduty_runtime.deny) == 1 with input as _alone({}, {})
}

test_managed_agent_passes if {
	count(guardduty_runtime.deny) == 0 with input as _alone({"RUNTIME_MONITORING": _managed}, {})
}

test_unmanaged_agent_fails if {
	features := {"RUNTIME_MONITORING": {"status": "ENABLED", "additional": {}}}
	some res in guardduty_runtime.deny with input as _alone(features, {})
	contains(res.message, "EKS_ADDON_MANAGEMENT")
}

test_own_agent_add_on_passes if {
	documents := {
		"d": _detector({"RUNTIME_MONITORING": {"status": "ENABLED", "additional": {}}}, {}),
		"a": {"id": "a", "attr": {"name": "aws-guardduty-agent"}},
	}
	count(guardduty_runtime.deny) == 0 with input as _stack(documents, {"guardduty_detector": ["d"], "eks_addon": ["a"]})
}

test_both_features_fail if {
	features := {"RUNTIME_MONITORING": _managed, "EKS_RUNTIME_MONITORING": _managed}
	some res in guardduty_runtime.deny with input as _alone(features, {})
	contains(res.message, "exclude")
}

test_separate_feature_passes if {
	feature := {"id": "f", "unknown": {}, "attr": {"name": "RUNTIME_MONITORING", "status": "ENABLED", "additional": {"EKS_ADDON_MANAGEMENT": "ENABLED"}}}
	documents := {"d": _detector({}, {}), "f": feature}
	count(guardduty_runtime.deny) == 0 with input as _stack(documents, {"guardduty_detector": ["d"], "guardduty_feature": ["f"]})
}

test_separate_feature_with_unknown_status_is_unknown if {
	feature := {"id": "f", "unknown": {"status": {"reason": "after_apply"}}, "attr": {"name": "RUNTIME_MONITORING"}}
	documents := {"d": _detector({}, {}), "f": feature}
	some res in guardduty_runtime.deny with input as _stack(documents, {"guardduty_detector": ["d"], "guardduty_feature": ["f"]})
	res.unknown
}

test_unknown_features_are_unknown if {
	some res in guardduty_runtime.deny with input as _alone({}, {"features": {"reason": "parameter_without_value"}})
	res.unknown
}
