package plimsoll.rules.reli.removed_api_test

import data.plimsoll.rules.reli.removed_api as rule

_facts := {"apis": [
	{"kind": "policy/v1beta1/PodDisruptionBudget", "deprecated": "1.21", "removed": "1.25", "use": "policy/v1/PodDisruptionBudget"},
	{"kind": "policy/v1beta1/PodSecurityPolicy", "deprecated": "1.21", "removed": "1.25", "use": ""},
	{"kind": "flow/v1beta3/FlowSchema", "deprecated": "1.29", "removed": "1.32", "use": "flow/v1/FlowSchema"},
	{"kind": "v1/Endpoints", "deprecated": "1.33", "removed": "", "use": "discovery.k8s.io/v1/EndpointSlice"},
]}

_calendar := {"versions": {
	"1.28": {"end_of_extended_support": "2025-11-26"},
	"1.30": {"end_of_extended_support": "2027-01-01"},
	"1.34": {"end_of_extended_support": "2028-01-01"},
}}

_found(kind, cluster, target, run) := found if {
	found := rule.deny with input as {"stack": {
		"documents": {"d": {"id": "d"}, "c": {"id": "c", "attr": cluster}},
		"by_kind": {kind: ["d"]},
		"links": {"cluster_of": {"d": [{"to": "c"}]}},
	}}
		with data.plimsoll.params.reli.removed_api as {"target_version": target}
		with data.plimsoll.kube_version as run
		with data.plimsoll.as_of as "2026-11-22"
		with data.plimsoll.facts.removed_apis as _facts
		with data.plimsoll.facts.eks_versions as _calendar
}

_severity(kind, version) := object.get(res, "severity", "high") if {
	some res in _found(kind, {"version": version}, "", "latest")
	res.path == "apiVersion"
	not res.unknown
}

_pdb := "policy/v1beta1/PodDisruptionBudget"

test_a_removed_api_fails if {
	_severity(_pdb, "1.25") == "high"
	_severity(_pdb, "1.34") == "high"
	some res in _found(_pdb, {"version": "1.34"}, "", "latest")
	contains(res.message, "use policy/v1/PodDisruptionBudget")
	some other in _found("policy/v1beta1/PodSecurityPolicy", {"version": "1.34"}, "", "latest")
	not contains(other.message, "use")
}

test_a_deprecated_api_is_low if {
	_severity(_pdb, "1.24") == "low"
	_severity(_pdb, "1.21") == "low"
	_severity("v1/Endpoints", "1.34") == "low"
}

test_an_api_before_its_deprecation_passes if {
	_found(_pdb, {"version": "1.20"}, "", "latest") == set()
	_found("v1/Endpoints", {"version": "1.32"}, "", "latest") == set()
}

test_another_kind_passes if _found("policy/v1/PodDisruptionBudget", {"version": "1.34"}, "", "latest") == set()

test_the_parameter_and_the_runs_version_come_first if {
	count(_found(_pdb, {"version": "1.20"}, "1.34", "latest")) == 1
	count(_found(_pdb, {"version": "1.20"}, "", "1.34")) == 1
	_found(_pdb, {"version": "1.34"}, "1.20", "1.34") == set()
	_found(_pdb, {"version": "1.34"}, "1.20", "latest") == set()
	_found(_pdb, {"version": "1.34"}, "", "1.20") == set()
}

_unlinked(clusters) := found if {
	found := rule.deny with input as {"stack": {
		"documents": {"d": {"id": "d"}, "c": {"id": "c", "attr": {"version": "1.34"}}, "e": {"id": "e", "attr": {"version": "1.34"}}},
		"by_kind": {"flow/v1beta3/FlowSchema": ["d"]},
		"by_type": {"eks_cluster": clusters},
		"links": {},
	}}
		with data.plimsoll.params.reli.removed_api as {"target_version": ""}
		with data.plimsoll.kube_version as "latest"
		with data.plimsoll.as_of as "2026-11-22"
		with data.plimsoll.facts.removed_apis as _facts
		with data.plimsoll.facts.eks_versions as _calendar
}

test_the_only_cluster_counts if {
	some res in _unlinked(["c"])
	not res.unknown
	every other in _unlinked(["c", "e"]) {
		other.unknown
	}
}

test_without_a_version_an_api_that_no_supported_version_has_fails if {
	found := _found(_pdb, {}, "", "latest")
	count(found) == 1
	some res in found
	not res.unknown
	contains(res.message, "no supported version")
}

test_without_a_version_others_are_unknown if {
	some res in _found("flow/v1beta3/FlowSchema", {}, "", "latest")
	res.unknown
	count(_found("flow/v1beta3/FlowSchema", {}, "", "latest")) == 1
	some other in _found("v1/Endpoints", {}, "", "latest")
	other.unknown
}

test_a_version_that_is_none_is_unknown if {
	some res in _found("flow/v1beta3/FlowSchema", {"version": "soon"}, "", "latest")
	res.unknown
}

test_the_oldest_supported_version_counts if {
	found := rule.deny with input as {"stack": {"documents": {"d": {"id": "d"}}, "by_kind": {"a/v1/B": ["d"]}, "links": {}}}
		with data.plimsoll.params.reli.removed_api as {"target_version": ""}
		with data.plimsoll.as_of as "2026-11-22"
		with data.plimsoll.facts.removed_apis as {"apis": [{"kind": "a/v1/B", "deprecated": "1.29", "removed": "1.30", "use": ""}]}
		with data.plimsoll.facts.eks_versions as _calendar
	count([res | some res in found; not res.unknown]) == 1
}
