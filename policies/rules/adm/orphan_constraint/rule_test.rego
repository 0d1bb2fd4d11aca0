package plimsoll.rules.adm.orphan_constraint_test

import data.plimsoll.rules.adm.orphan_constraint as rule

_doc(id, kind, raw) := {"id": id, "name": id, "kind": kind, "type": "", "raw": raw, "unknown": {}, "partial": {}}

_template(id, kind) := _doc(id, "templates.gatekeeper.sh/v1/ConstraintTemplate", {"spec": {"crd": {"spec": {"names": {"kind": kind}}}}})

_open := object.union(
	_doc("t", "templates.gatekeeper.sh/v1/ConstraintTemplate", {}),
	{"unknown": {"spec.crd.spec.names.kind": {"reason": "after_apply"}}},
)

_constraint(id, kind) := _doc(id, sprintf("constraints.gatekeeper.sh/v1beta1/%s", [kind]), {})

_deny(docs) := {res |
	some res in rule.deny with input.stack as {
		"documents": {d.id: d | some d in docs},
		"by_kind": {kind: [d.id | some d in docs; d.kind == kind] | some kind in {d.kind | some d in docs}},
	}
}

test_both_halves_pass if {
	_deny([_template("t", "K8sLabels"), _constraint("owner", "K8sLabels")]) == set()
	_deny([]) == set()
}

test_a_constraint_without_its_template_fails if {
	found := _deny([_template("t", "K8sLabels"), _constraint("owner", "K8sLabels"), _constraint("repos", "K8sRepos")])
	{[res.document, res.path] | some res in found} == {["repos", "kind"]}
	{res.message | some res in found} == {`constraint "repos" is of the kind K8sRepos, which no template defines`}
	not [res | some res in found][0].unknown
	count(_deny([_constraint("a", "K8sRepos"), _constraint("b", "K8sRepos")])) == 2
}

test_a_template_without_a_constraint_fails if {
	found := _deny([_template("a", "K8sLabels"), _template("b", "K8sRepos"), _constraint("owner", "K8sLabels")])
	{[res.document, res.path] | some res in found} == {["b", "spec.crd.spec.names.kind"]}
	{res.message | some res in found} == {`ConstraintTemplate "b" defines K8sRepos, of which there is no constraint`}
}

test_a_template_of_a_kind_that_is_not_known_yet_may_be_the_one if {
	found := _deny([_open, _template("s", "K8sLabels"), _constraint("owner", "K8sLabels"), _constraint("repos", "K8sRepos")])
	{[res.document, res.unknown] | some res in found} == {["repos", "the kind that a template defines is not known yet"]}
}

test_kinds_of_other_groups_are_no_halves if {
	other := _doc("x", "example.com/v1/ConstraintTemplate", {"spec": {"crd": {"spec": {"names": {"kind": "K8sLabels"}}}}})
	count(_deny([other, _constraint("owner", "K8sLabels")])) == 1
}
