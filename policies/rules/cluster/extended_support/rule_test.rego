package plimsoll.rules.cluster.extended_support_test

import data.plimsoll.rules.cluster.extended_support as rule

_calendar := {"versions": {
	"1.31": {"end_of_standard_support": "2025-11-26", "end_of_extended_support": "2026-11-26"},
	"1.34": {"end_of_standard_support": "2026-12-02", "end_of_extended_support": "2027-12-02"},
}}

_deny(attr, as_of) := {res |
	some res in rule.deny with input as {"name": "c", "attr": attr}
		with data.plimsoll.facts.eks_versions as _calendar
		with data.plimsoll.as_of as as_of
}

test_extended_support_fails if count(_deny({"version": "1.31"}, "2026-11-22")) == 1

test_the_last_day_of_standard_support_passes if {
	_deny({"version": "1.34"}, "2026-12-02") == set()
	count(_deny({"version": "1.34"}, "2026-12-03")) == 1
}

test_the_end_of_extended_support_is_another_rules_matter if _deny({"version": "1.31"}, "2026-11-27") == set()

test_a_version_newer_than_the_calendar_is_unknown if {
	some res in _deny({"version": "1.35"}, "2026-11-22")
	contains(res.unknown, "update the data file")
}

test_a_malformed_version_is_another_rules_matter if {
	_deny({"version": "1.31", "version_malformed": true}, "2026-11-22") == set()
}
