package plimsoll.rules.cluster.unsupported_version_test

import data.plimsoll.rules.cluster.unsupported_version as rule

_calendar := {"versions": {
	"1.9": {"end_of_standard_support": "2019-01-01", "end_of_extended_support": "2020-01-01"},
	"1.30": {"end_of_standard_support": "2025-07-23", "end_of_extended_support": "2026-07-23"},
	"1.31": {"end_of_standard_support": "2025-11-26", "end_of_extended_support": "2026-11-26"},
	"1.34": {"end_of_standard_support": "2026-12-02", "end_of_extended_support": "2027-12-02"},
}}

_deny(attr, as_of, min_version) := {res |
	some res in rule.deny with input as {"name": "c", "attr": attr}
		with data.plimsoll.facts.eks_versions as _calendar
		with data.plimsoll.as_of as as_of
		with data.plimsoll.params.cluster.unsupported_version as {"min_version": min_version}
}

_fails(version) if {
	some res in _deny({"version": version}, "2026-11-22", "")
	res.path == "version"
	not res.unknown
}

_passes(version) if _deny({"version": version}, "2026-11-22", "") == set()

test_a_version_past_extended_support_fails if _fails("1.30")

test_a_version_older_than_the_calendar_fails if _fails("1.5")

test_versions_are_compared_as_numbers if _fails("1.9")

test_a_patch_version_is_read if _fails("v1.30.4")

test_extended_support_passes if _passes("1.31")

test_the_last_day_of_extended_support_passes if {
	_deny({"version": "1.31"}, "2026-11-26", "") == set()
	count(_deny({"version": "1.31"}, "2026-11-27", "")) == 1
}

test_standard_support_passes if _passes("1.34")

test_after_the_calendars_end_everything_in_it_fails if count(_deny({"version": "1.34"}, "2040-01-01", "")) == 1

test_a_version_newer_than_the_calendar_is_unknown if {
	some res in _deny({"version": "1.35"}, "2026-11-22", "")
	contains(res.unknown, "1.34")
}

test_a_number_is_malformed if {
	found := _deny({"version": "1.3", "version_malformed": true}, "2026-11-22", "")
	count(found) == 1
	some res in found
	contains(res.message, "quotes")
}

test_other_text_is_no_version if _fails("stable")

test_names_that_eksctl_resolves_pass if _passes("latest")

test_an_older_version_than_allowed_fails if {
	found := _deny({"version": "1.31"}, "2026-11-22", "1.33")
	count(found) == 1
	_deny({"version": "1.34"}, "2026-11-22", "1.33") == set()
}

test_one_finding_where_both_apply if count(_deny({"version": "1.30"}, "2026-11-22", "1.33")) == 1

test_no_version_passes if _deny({}, "2026-11-22", "") == set()
