package plimsoll.rules.cluster.audit_logs_test

import data.plimsoll.rules.cluster.audit_logs as rule

_deny(attr, required) := {res |
	some res in rule.deny with input as {"name": "c", "attr": attr}
		with data.plimsoll.params.cluster.audit_logs as {"required_log_types_high": required}
}

_default := ["audit", "authenticator"]

_types(types) := {"logging": {"types": types}}

test_no_logs_fail_once if {
	some res in _deny(_types([]), _default)
	res.path == "logging.types"
	contains(res.message, "audit and authenticator")
}

test_one_of_two_fails if {
	some res in _deny(_types(["audit", "api"]), _default)
	endswith(res.message, "does not log authenticator")
}

test_both_pass if _deny(_types(["authenticator", "audit"]), _default) == set()

test_no_logging_at_all_fails if count(_deny({}, _default)) == 1

test_required_types_are_a_parameter if _deny(_types(["audit"]), ["audit"]) == set()
