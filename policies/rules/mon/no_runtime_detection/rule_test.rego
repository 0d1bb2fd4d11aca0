package plimsoll.rules.mon.no_runtime_detection_test

import data.plimsoll.rules.mon.no_runtime_detection

_stack(documents, by_type, agents) := {"stack": {
	"documents": object.union({"c": {"id": "c", "name": "harbour"}}, documents),
	"by_type": object.union({"eks_cluster": ["c"]}, by_type),
	"facts": {"runtime_agents": agents},
}}

test_nothing_is_a_gap if {
	count(no_runtime_detection.deny) == 1 with input as _stack({}, {}, [])
}

test_agent_passes if {
	count(no_runtime_detection.deny) == 0 with input as _stack({}, {}, [{"document": "falco", "name": "Falco"}])
}

test_guardduty_passes if {
	detector := {"id": "d", "unknown": {}, "partial": {}, "attr": {"features": {"RUNTIME_MONITORING": {"status": "ENABLED"}}}}
	count(no_runtime_detection.deny) == 0 with input as _stack({"d": detector}, {"guardduty_detector": ["d"]}, [])
}

test_separate_feature_passes if {
	feature := {"id": "f", "unknown": {}, "partial": {}, "attr": {"name": "RUNTIME_MONITORING", "status": "ENABLED"}}
	count(no_runtime_detection.deny) == 0 with input as _stack({"f": feature}, {"guardduty_feature": ["f"]}, [])
}

test_unknown_feature_is_unknown if {
	feature := {"id": "f", "unknown": {"status": {"reason": "after_apply"}}, "partial": {}, "attr": {"name": "RUNTIME_MONITORING"}}
	some res in no_runtime_detection.deny with input as _stack({"f": feature}, {"guardduty_feature": ["f"]}, [])
	res.unknown
}

_feature(attr, unknown) := {"f": {"id": "f", "unknown": unknown, "partial": {}, "attr": attr}}

test_the_older_feature_passes if {
	feature := _feature({"name": "EKS_RUNTIME_MONITORING", "status": "ENABLED"}, {})
	count(no_runtime_detection.deny) == 0 with input as _stack(feature, {"guardduty_feature": ["f"]}, [])
}

test_another_feature_is_a_gap if {
	feature := _feature({"name": "S3_DATA_EVENTS", "status": "ENABLED"}, {})
	count(no_runtime_detection.deny) == 1 with input as _stack(feature, {"guardduty_feature": ["f"]}, [])
}

test_agent_beside_an_unknown_feature_passes if {
	feature := _feature({}, {"status": {"reason": "after_apply"}})
	count(no_runtime_detection.deny) == 0 with input as _stack(feature, {"guardduty_feature": ["f"]}, [{"document": "falco", "name": "Falco"}])
}

test_enabled_feature_beside_an_unknown_one_passes if {
	documents := object.union(_feature({}, {"status": {"reason": "after_apply"}}), {"g": {"id": "g", "unknown": {}, "partial": {}, "attr": {"name": "RUNTIME_MONITORING", "status": "ENABLED"}}})
	count(no_runtime_detection.deny) == 0 with input as _stack(documents, {"guardduty_feature": ["f", "g"]}, [])
}

test_unknown_tags_do_not_matter if {
	feature := _feature({}, {"tags": {"reason": "after_apply"}})
	some res in no_runtime_detection.deny with input as _stack(feature, {"guardduty_feature": ["f"]}, [])
	not res.unknown
}

test_what_may_be_an_agent_makes_it_unknown if {
	base := _stack({"ds": {"id": "ds"}}, {}, [])
	doubt := {"document": "ds", "path": "containers[0].image", "reason": "parameter_without_value"}
	open := {"stack": object.union(base.stack, {"facts": {"runtime_agents": [], "runtime_agents_unknown": [doubt]}})}
	count(no_runtime_detection.deny) == 1 with input as open
	some res in no_runtime_detection.deny with input as open
	res.unknown == "parameter_without_value"
	res.related[0].document == "ds"
	agent := {"document": "falco", "name": "Falco"}
	known := {"stack": object.union(base.stack, {"facts": {"runtime_agents": [agent], "runtime_agents_unknown": [doubt]}})}
	count(no_runtime_detection.deny) == 0 with input as known
}
