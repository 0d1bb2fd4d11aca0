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

test_detector_that_is_off_passes if {
	off := {"id": "d", "unknown": {}, "partial": {}, "attr": {"enabled": false, "features": {}}}
	count(guardduty_runtime.deny) == 0 with input as _stack({"d": off}, {"guardduty_detector": ["d"]})
	open := object.union(off, {"unknown": {"features": {"reason": "after_apply"}}})
	count(guardduty_runtime.deny) == 0 with input as _stack({"d": open}, {"guardduty_detector": ["d"]})
}

test_unmanaged_agent_with_unknown_configuration_is_unknown if {
	features := {"RUNTIME_MONITORING": {"status": "ENABLED", "additional": {}}}
	some res in guardduty_runtime.deny with input as _alone(features, {"features.RUNTIME_MONITORING.additional": {"reason": "after_apply"}})
	res.unknown
	count(guardduty_runtime.deny) == 1 with input as _alone(features, {"features.RUNTIME_MONITORING.additional": {"reason": "after_apply"}})
}

test_finding_is_at_the_separate_feature if {
	feature := {"id": "f", "unknown": {}, "attr": {"name": "RUNTIME_MONITORING", "status": "DISABLED"}}
	other := {"id": "e", "unknown": {}, "attr": {"name": "S3_DATA_EVENTS", "status": "ENABLED"}}
	documents := {"d": _detector({}, {}), "e": other, "f": feature}
	some res in guardduty_runtime.deny with input as _stack(documents, {"guardduty_detector": ["d"], "guardduty_feature": ["e", "f"]})
	res.document == "f"
}

test_the_older_feature_alone_passes if {
	count(guardduty_runtime.deny) == 0 with input as _alone({"EKS_RUNTIME_MONITORING": _managed}, {})
}

test_another_add_on_is_no_agent if {
	documents := {
		"d": _detector({"RUNTIME_MONITORING": {"status": "ENABLED", "additional": {}}}, {}),
		"a": {"id": "a", "attr": {"name": "vpc-cni"}},
	}
	count(guardduty_runtime.deny) == 1 with input as _stack(documents, {"guardduty_detector": ["d"], "eks_addon": ["a"]})
}

test_unknown_tags_do_not_matter if {
	some res in guardduty_runtime.deny with input as _alone({}, {"tags": {"reason": "after_apply"}})
	not res.unknown
}

_feature_without(path) := found if {
	feature := {"id": "f", "unknown": {path: {"reason": "after_apply"}}, "attr": {}}
	found := guardduty_runtime.deny with input as _stack({"d": _detector({}, {}), "f": feature}, {"guardduty_detector": ["d"], "guardduty_feature": ["f"]})
}

test_what_of_a_feature_is_not_known_matters if {
	every path in ["name", "status", "additional"] {
		some res in _feature_without(path)
		res.unknown
	}
	some other in _feature_without("detector")
	not other.unknown
}
