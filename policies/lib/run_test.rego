package plimsoll.lib.run_test

import data.plimsoll.lib.run

test_nothing_said_is_the_newest_version if {
	run.is_since([1, 99])
	run.kube_version == "latest"
	not run.pss_level
}

test_versions_compare_by_number if {
	run.is_since([1, 9]) with data.plimsoll.kube_version as "1.30"
	not run.is_since([1, 31]) with data.plimsoll.kube_version as "v1.30.4"
	run.is_since([1, 31]) with data.plimsoll.kube_version as "latest"
}

test_the_level_comes_from_the_profile if {
	run.pss_level == "baseline" with data.plimsoll.profile as "pss-baseline"
	not run.pss_level with data.plimsoll.profile as "baseline"
	run.is_restricted_since([1, 0]) with data.plimsoll.profile as "pss-restricted"
	not run.is_restricted_since([1, 0]) with data.plimsoll.profile as "pss-baseline"
}

test_a_parameter_overrules_the_run if {
	run.counts("1.31", [1, 31]) with data.plimsoll.kube_version as "1.30"
	not run.counts("1.30", [1, 31])
	run.counts("latest", [1, 31])
	not run.counts("latest", [1, 31]) with data.plimsoll.kube_version as "1.30"
}
