package plimsoll.rules.pod.unsafe_sysctl_test

import data.plimsoll.rules.pod.unsafe_sysctl as rule

_with(kube_version, pss_version, sysctls) := {res.path |
	some res in rule.deny with input as {"name": "web", "namespace": "shop", "attr": {
		"kind": "Pod",
		"pod": {"securityContext": {"sysctls": sysctls}},
	}}
		with data.plimsoll.kube_version as kube_version
		with data.plimsoll.params.pod.unsafe_sysctl as {"pss_version": pss_version}
		with data.plimsoll.facts.system_workloads as {"workloads": []}
}

_named(name) := [{"name": "net.ipv4.tcp_syncookies", "value": "1"}, {"name": name, "value": "1"}]

_place := {"pod.securityContext.sysctls[1].name"}

test_a_sysctl_outside_the_set_fails if _with("latest", "latest", _named("net.core.somaxconn")) == _place

test_one_without_a_name_fails if {
	_with("latest", "latest", [{"value": "1"}]) == {"pod.securityContext.sysctls[0].name"}
}

test_the_safe_set_passes if _with("latest", "latest", _named("net.ipv4.tcp_notsent_lowat")) == set()

test_the_set_grows_with_the_version if {
	every name, since in {
		"net.ipv4.ip_local_reserved_ports": [26, 27],
		"net.ipv4.tcp_fin_timeout": [28, 29],
		"net.ipv4.tcp_wmem": [31, 32],
		"net.ipv4.tcp_slow_start_after_idle": [36, 37],
	} {
		_with(sprintf("1.%d", [since[0]]), "latest", _named(name)) == _place
		_with(sprintf("1.%d", [since[1]]), "latest", _named(name)) == set()
	}
}

test_the_parameter_overrules_the_run if {
	_with("1.37", "1.31", _named("net.ipv4.tcp_rmem")) == _place
	_with("1.31", "1.32", _named("net.ipv4.tcp_rmem")) == set()
}

test_nothing_written_passes if _with("latest", "latest", []) == set()

test_what_is_no_list_is_not_judged if _with("latest", "latest", {"a": {"name": "net.core.somaxconn"}}) == set()
