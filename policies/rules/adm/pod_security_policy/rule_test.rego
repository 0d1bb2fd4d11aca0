package plimsoll.rules.adm.pod_security_policy_test

import data.plimsoll.rules.adm.pod_security_policy as rule

_deny(kind) := {res | some res in rule.deny with input as {"kind": kind, "name": "restricted"}}

test_the_object_fails_in_both_groups if {
	every kind in ["policy/v1beta1/PodSecurityPolicy", "extensions/v1beta1/PodSecurityPolicy"] {
		{res.path | some res in _deny(kind)} == {"kind"}
		{res.message | some res in _deny(kind)} == {`PodSecurityPolicy "restricted" protects nothing since Kubernetes 1.25`}
	}
}

test_kinds_of_the_same_name_pass if {
	_deny("policy.example.com/v1beta1/PodSecurityPolicy") == set()
	_deny("policy/v1beta1/PodDisruptionBudget") == set()
}
