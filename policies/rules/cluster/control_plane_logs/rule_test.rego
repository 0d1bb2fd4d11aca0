package plimsoll.rules.cluster.control_plane_logs_test

import data.plimsoll.rules.cluster.control_plane_logs as rule

_deny(attr, required) := {res |
	some res in rule.deny with input as {"name": "c", "attr": attr}
		with data.plimsoll.params.cluster.control_plane_logs as {"required_log_types": required}
}

_all := ["api", "audit", "authenticator", "controllerManager", "scheduler"]

_types(types) := {"logging": {"types": types}}

test_a_missing_type_fails if {
	some res in _deny(_types(["api", "audit", "authenticator"]), _all)
	res.path == "logging.types"
	endswith(res.message, "controllerManager, scheduler")
}

test_audit_and_authenticator_are_another_rules_matter if {
	_deny(_types(["api", "controllerManager", "scheduler"]), _all) == set()
}

test_all_types_pass if _deny(_types(_all), _all) == set()

test_no_logging_at_all_fails if count(_deny({}, _all)) == 1

test_required_types_are_a_parameter if _deny(_types([]), ["audit"]) == set()
