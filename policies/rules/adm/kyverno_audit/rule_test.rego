package plimsoll.rules.adm.kyverno_audit_test

import data.plimsoll.rules.adm.kyverno_audit as rule

_all(kind, spec, unknown) := {res |
	some res in rule.deny with input as {"kind": kind, "name": "labels", "raw": {"spec": spec}, "unknown": unknown}
		with data.plimsoll.params.adm.kyverno_audit as {"audit_ok_policies": ["report-*"]}
}

_deny(spec) := _all("kyverno.io/v1/ClusterPolicy", spec, {})

_new(spec) := _all("policies.kyverno.io/v1/ValidatingPolicy", spec, {})

_places(found) := {res.path | some res in found}

_says(action) := sprintf(`ClusterPolicy "labels" admits what breaks it: its action is %s`, [action])

_rules(validate) := {"rules": [{"name": "a", "validate": validate}]}

test_a_policy_that_audits_fails if {
	found := _deny(object.union(_rules({"pattern": {}}), {"validationFailureAction": "Audit"}))
	_places(found) == {"spec.validationFailureAction"}
	{res.message | some res in found} == {_says("Audit")}
}

test_audit_is_the_default if {
	_places(_deny(_rules({"pattern": {}}))) == {"spec.validationFailureAction"}
}

test_a_policy_that_enforces_passes if {
	every action in ["Enforce", "enforce"] {
		_deny(object.union(_rules({"pattern": {}}), {"validationFailureAction": action})) == set()
	}
}

test_the_action_of_a_rule_counts_before_that_of_the_policy if {
	_deny(_rules({"failureAction": "Enforce"})) == set()
	found := _deny(object.union(_rules({"failureAction": "Audit"}), {"validationFailureAction": "Enforce"}))
	_places(found) == {"spec.rules[0].validate.failureAction"}
	{res.message | some res in found} == {_says("Audit")}
}

test_each_rule_is_judged if {
	spec := {"rules": [
		{"validate": {"failureAction": "Enforce"}},
		{"mutate": {}},
		{"validate": {"failureAction": "Audit"}},
		{"validate": {}},
	]}
	_places(_deny(spec)) == {"spec.rules[2].validate.failureAction", "spec.validationFailureAction"}
}

test_an_action_that_is_not_known_yet_is_no_omission if {
	open := {"spec.rules[0].validate.failureAction": {"reason": "after_apply"}}
	_all("kyverno.io/v1/ClusterPolicy", _rules({"pattern": {}}), open) == set()
	count(_all("kyverno.io/v1/ClusterPolicy", _rules({"pattern": {}}), {"spec.rules[1].validate.failureAction": {}})) == 1
}

test_an_action_that_is_no_text_is_not_judged if _deny(_rules({"failureAction": null})) == set()

test_rules_about_images_are_judged if {
	found := _deny({"rules": [{"verifyImages": [{"failureAction": "Enforce"}, {"failureAction": "Audit"}]}]})
	_places(found) == {"spec.rules[0].verifyImages[1].failureAction"}
	_deny({"rules": [{"verifyImages": [{"failureAction": "Enforce"}, {"imageReferences": ["*"]}]}]}) == set()
	_places(_deny({"rules": [{"verifyImages": [{"imageReferences": ["*"]}]}]})) == {"spec.validationFailureAction"}
}

test_policies_that_only_mutate_or_generate_pass if {
	_deny({"rules": [{"mutate": {}}, {"generate": {}}], "failurePolicy": "Ignore", "background": true, "admission": false}) == set()
}

test_policies_meant_to_audit_pass if {
	spec := {"rules": [{"validate": {"failureAction": "Audit"}}], "failurePolicy": "Ignore", "admission": false}
	found := {res |
		some res in rule.deny with input as {"kind": "kyverno.io/v1/Policy", "name": "report-labels", "raw": {"spec": spec}, "unknown": {}}
			with data.plimsoll.params.adm.kyverno_audit as {"audit_ok_policies": ["report-*"]}
	}
	found == set()
	new := {res |
		some res in rule.deny with input as {
			"kind": "policies.kyverno.io/v1/ValidatingPolicy", "name": "report-labels",
			"raw": {"spec": {"validationActions": ["Audit"]}}, "unknown": {},
		}
			with data.plimsoll.params.adm.kyverno_audit as {"audit_ok_policies": ["report-*"]}
	}
	new == set()
}

test_a_policy_that_fails_open_fails if {
	enforced := _rules({"failureAction": "Enforce"})
	found := _deny(object.union(enforced, {"failurePolicy": "Ignore"}))
	_places(found) == {"spec.failurePolicy"}
	{res.message | some res in found} == {`ClusterPolicy "labels" lets everything pass while Kyverno does not answer`}
	_places(_deny(object.union(enforced, {"webhookConfiguration": {"failurePolicy": "Ignore"}}))) == {"spec.webhookConfiguration.failurePolicy"}
	_deny(object.union(enforced, {"failurePolicy": "Fail"})) == set()
}

test_a_policy_for_the_background_only_fails if {
	found := _deny(object.union(_rules({"failureAction": "Enforce"}), {"admission": false}))
	_places(found) == {"spec.admission"}
	{res.message | some res in found} == {`ClusterPolicy "labels" is applied in the background only, to what is there already`}
	_deny(object.union(_rules({"failureAction": "Enforce"}), {"admission": true})) == set()
	_places(_new({"evaluation": {"admission": {"enabled": false}}})) == {"spec.evaluation.admission.enabled"}
	_new({"evaluation": {"admission": {"enabled": true}}}) == set()
}

test_the_new_kinds_deny_unless_they_say_otherwise if {
	_new({}) == set()
	_new({"validationActions": []}) == set()
	_new({"validationActions": ["Audit", "Deny"]}) == set()
	count(_new({"validationActions": ["Audit"]})) == 1
	found := _new({"validationActions": ["Audit", "Warn"]})
	_places(found) == {"spec.validationActions"}
	{res.message | some res in found} == {`ValidatingPolicy "labels" admits what breaks it: its actions are Audit, Warn`}
}

test_the_fields_of_one_kind_say_nothing_in_the_other if {
	_deny(object.union(_rules({"failureAction": "Enforce"}), {"validationActions": ["Audit"]})) == set()
	_places(_new({"failurePolicy": "Ignore"})) == {"spec.failurePolicy"}
}
