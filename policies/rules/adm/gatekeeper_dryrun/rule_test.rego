package plimsoll.rules.adm.gatekeeper_dryrun_test

import data.plimsoll.rules.adm.gatekeeper_dryrun as rule

_deny(spec) := {res |
	some res in rule.deny with input as {
		"kind": "constraints.gatekeeper.sh/v1beta1/K8sRequiredLabels", "name": "owner",
		"raw": {"spec": spec},
	}
}

test_an_action_that_admits_fails if {
	every action in ["dryrun", "warn"] {
		found := _deny({"enforcementAction": action})
		{res.path | some res in found} == {"spec.enforcementAction"}
		{res.message | some res in found} == {sprintf(`constraint K8sRequiredLabels "owner" admits what breaks it: its action is %s`, [action])}
	}
}

test_deny_and_its_default_pass if {
	_deny({"enforcementAction": "deny"}) == set()
	_deny({}) == set()
}

_scoped(action, points) := {"action": action, "enforcementPoints": [{"name": point} | some point in points]}

_scopes(actions) := _deny({"enforcementAction": "scoped", "scopedEnforcementActions": actions})

test_scoped_actions_that_deny_at_admission_pass if {
	every point in ["*", "validation.gatekeeper.sh", "vap.k8s.io"] {
		_scopes([_scoped("warn", ["audit.gatekeeper.sh"]), _scoped("deny", ["gator.gatekeeper.sh", point])]) == set()
	}
}

test_scoped_actions_that_deny_elsewhere_fail if {
	found := _scopes([_scoped("deny", ["audit.gatekeeper.sh"]), _scoped("dryrun", ["*"])])
	{res.path | some res in found} == {"spec.scopedEnforcementActions"}
	{res.message | some res in found} == {`constraint K8sRequiredLabels "owner" denies nothing when it is admitted`}
	count(_deny({"enforcementAction": "scoped"})) == 1
}

test_scoped_actions_count_only_for_the_action_scoped if {
	_deny({"scopedEnforcementActions": [_scoped("warn", ["*"])]}) == set()
}
