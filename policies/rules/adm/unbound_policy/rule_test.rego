package plimsoll.rules.adm.unbound_policy_test

import data.plimsoll.rules.adm.unbound_policy as rule

_group := "admissionregistration.k8s.io/v1"

_doc(id, kind, name, spec) := {
	"id": id, "name": name, "namespace": "", "kind": kind, "type": "",
	"raw": {"spec": spec}, "unknown": {}, "partial": {},
}

_policy(spec) := _doc("p", sprintf("%s/ValidatingAdmissionPolicy", [_group]), "repos", spec)

_binding(id, spec) := _doc(id, sprintf("%s/ValidatingAdmissionPolicyBinding", [_group]), id, spec)

_bound(actions) := _binding("b", {"policyName": "repos", "validationActions": actions})

_unknown(doc, paths) := object.union(doc, {"unknown": {path: {"reason": "after_apply", "template": "${X}"} | some path in paths}})

_deny(docs) := {res |
	some res in rule.deny with input.stack as {
		"documents": {d.id: d | some d in docs},
		"by_kind": {kind: [d.id | some d in docs; d.kind == kind] | some kind in {d.kind | some d in docs}},
	}
}

test_a_policy_with_a_binding_that_denies_passes if {
	_deny([_policy({}), _bound(["Audit", "Deny"])]) == set()
	_deny([_policy({"failurePolicy": "Fail"}), _bound(["Deny"])]) == set()
}

test_a_policy_without_a_binding_fails if {
	found := _deny([_policy({}), _binding("b", {"policyName": "other", "validationActions": ["Deny"]})])
	some res in found
	count(found) == 1
	res.document == "p"
	res.path == "metadata.name"
	res.message == `ValidatingAdmissionPolicy "repos" has no binding`
	not res.unknown
}

test_a_policy_whose_bindings_do_not_deny_fails_at_each if {
	found := _deny([_policy({}), _bound(["Warn"]), _binding("c", {"policyName": "repos"})])
	{[res.document, res.path] | some res in found} == {["b", "spec.validationActions"], ["c", "spec.validationActions"]}
	some res in found
	res.message == `ValidatingAdmissionPolicy "repos" is bound, but nothing denies what breaks it`
	{place.document | some place in res.related} == {"p"}
	not res.unknown
}

test_one_binding_that_denies_is_enough if {
	_deny([_policy({}), _bound(["Audit"]), _binding("c", {"policyName": "repos", "validationActions": ["Deny"]})]) == set()
}

test_a_policy_that_fails_open_fails if {
	found := _deny([_policy({"failurePolicy": "Ignore"}), _bound(["Deny"])])
	{[res.document, res.path] | some res in found} == {["p", "spec.failurePolicy"]}
	{res.message | some res in found} == {`ValidatingAdmissionPolicy "repos" lets pass what it cannot judge`}
}

test_a_failure_policy_that_is_not_known_yet_is_unknown if {
	found := _deny([_unknown(_policy({}), ["spec.failurePolicy"]), _bound(["Deny"])])
	{[res.path, res.unknown] | some res in found} == {["spec.failurePolicy", "after apply"]}
	{res.message | some res in found} == {`whether ValidatingAdmissionPolicy "repos" lets pass what it cannot judge is not known`}
	_deny([_unknown(_policy({"failurePolicy": "Fail"}), ["spec.failurePolicy"]), _bound(["Deny"])]) == set()
}

test_a_binding_for_nobody_knows_which_may_be_the_one if {
	open := _unknown(_binding("b", {"validationActions": ["Deny"]}), ["spec.policyName"])
	found := _deny([_policy({}), open])
	{[res.document, res.unknown] | some res in found} == {["p", "which policy a binding is for is not known yet"]}
	_deny([_policy({}), open, _binding("c", {"policyName": "repos", "validationActions": ["Deny"]})]) == set()
}

test_the_same_template_is_the_same_name if {
	policy := object.union(_policy({}), {"name": "${X}"})
	open := _unknown(_binding("b", {"validationActions": ["Deny"]}), ["spec.policyName"])
	_deny([policy, open]) == set()
}

test_actions_that_are_not_known_yet_are_unknown if {
	open := _unknown(_binding("b", {"policyName": "repos"}), ["spec.validationActions"])
	found := _deny([_policy({}), open])
	{[res.document, res.path, res.unknown] | some res in found} == {["b", "spec.validationActions", "after apply"]}
	with_other := _deny([_policy({}), open, _binding("c", {"policyName": "repos", "validationActions": ["Audit"]})])
	{[res.document, object.get(res, "unknown", "")] | some res in with_other} == {["b", "after apply"]}
	_deny([_policy({}), open, _binding("c", {"policyName": "repos", "validationActions": ["Deny"]})]) == set()
}

_with_parameters(action, ref) := [
	_policy({"paramKind": {"apiVersion": "v1", "kind": "ConfigMap"}}),
	_binding("b", {
		"policyName": "repos", "validationActions": ["Deny"],
		"paramRef": object.union({"name": "limits", "parameterNotFoundAction": action}, ref),
	}),
]

_limits(name, namespace) := object.union(_doc("m", "v1/ConfigMap", name, {}), {"namespace": namespace})

test_parameters_that_are_not_here_fail_when_everything_is_allowed_without if {
	found := _deny(_with_parameters("Allow", {}))
	{[res.document, res.path] | some res in found} == {["b", "spec.paramRef"]}
	{res.message | some res in found} == {`ValidatingAdmissionPolicyBinding "b" allows everything without its parameters limits, which are not here`}
	count(_deny(array.concat(_with_parameters("Allow", {}), [_limits("other", "shop")]))) == 1
	count(_deny(array.concat(_with_parameters("Allow", {"namespace": "cart"}), [_limits("limits", "shop")]))) == 1
	count(_deny(array.concat(
		_with_parameters("Allow", {}),
		[object.union(_limits("limits", "shop"), {"kind": "v1/Secret"})],
	))) == 1
}

test_parameters_that_are_here_pass if {
	_deny(array.concat(_with_parameters("Allow", {}), [_limits("limits", "shop")])) == set()
	_deny(array.concat(_with_parameters("Allow", {"namespace": "shop"}), [_limits("limits", "shop")])) == set()
}

test_parameters_whose_absence_denies_pass if _deny(_with_parameters("Deny", {})) == set()

test_parameters_that_a_selector_finds_are_not_judged if {
	[policy, binding] := _with_parameters("Allow", {})
	found := object.union(object.remove(binding, ["raw"]), {"raw": {"spec": {
		"policyName": "repos", "validationActions": ["Deny"],
		"paramRef": {"selector": {}, "parameterNotFoundAction": "Allow"},
	}}})
	_deny([policy, found]) == set()
}

test_parameters_of_a_policy_without_their_kind_are_not_judged if {
	[_, binding] := _with_parameters("Allow", {})
	_deny([_policy({}), binding]) == set()
}
