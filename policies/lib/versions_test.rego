package plimsoll.lib.versions_test

import data.plimsoll.lib.versions

test_minor_reads_what_people_write if {
	versions.minor("1.30") == [1, 30]
	versions.minor("v1.30") == [1, 30]
	versions.minor("1.30.4-eks-1-30") == [1, 30]
}

test_minor_is_undefined_for_other_text if {
	not versions.minor("latest")
	not versions.minor("1")
	not versions.minor(null)
}

test_at_least if {
	versions.at_least("latest", "1.35")
	versions.at_least("1.35", "1.35")
	not versions.at_least("1.9", "1.10")
}

_calendar := {"versions": {
	"1.30": {"end_of_extended_support": "2026-07-23"},
	"1.31": {"end_of_extended_support": "2026-11-26"},
}}

test_calendar if {
	versions.newest == [1, 31] with data.plimsoll.facts.eks_versions as _calendar
	versions.oldest_supported == [1, 31] with data.plimsoll.facts.eks_versions as _calendar with data.plimsoll.as_of as "2026-11-22"
	not versions.oldest_supported with data.plimsoll.facts.eks_versions as _calendar with data.plimsoll.as_of as "2027-01-01"
}

test_text if versions.text([1, 30]) == "1.30"
