package plimsoll.rules.adm.floating_pod_security_test

import data.plimsoll.rules.adm.floating_pod_security as rule

_label(name) := sprintf("pod-security.kubernetes.io/%s", [name])

_place(name) := sprintf("labels[%q]", [_label(name)])

_namespace(labels, open) := {
	"id": "shop", "type": "namespace", "name": "shop", "partial": {},
	"attr": {"labels": {_label(name): value | some name, value in labels}},
	"unknown": {_place(name): {"reason": "after_apply"} | some name in open},
}

_stack(namespace, version) := {
	"documents": {"shop": namespace, "c": {"id": "c", "type": "eks_cluster", "name": "c", "attr": {"version": version}}},
	"by_type": {"namespace": ["shop"], "eks_cluster": ["c"]},
	"links": {"cluster_of": {"shop": [{"to": "c"}]}},
}

_all(labels, open, version) := {res |
	some res in rule.deny with input.stack as _stack(_namespace(labels, open), version)
}

_deny(labels) := _all(labels, [], "1.35")

_places(found) := {res.path | some res in found}

_good := {"enforce": "baseline", "enforce-version": "v1.35", "audit": "restricted", "warn": "restricted"}

test_a_pinned_level_with_audit_and_warn_passes if _deny(_good) == set()

test_a_namespace_that_enforces_nothing_is_left_to_the_rule_about_it if {
	_deny({}) == set()
	_deny({"warn": "restricted"}) == set()
}

test_a_level_without_a_version_floats if {
	some res in _deny(object.remove(_good, ["enforce-version"]))
	res.document == "shop"
	res.path == _place("enforce-version")
	res.message == `namespace "shop" enforces whatever its level means in the latest version`
	not res.unknown
}

test_the_version_latest_floats if {
	some res in _deny(object.union(_good, {"enforce-version": "latest"}))
	contains(res.message, "latest version")
}

test_a_version_more_than_three_behind_the_cluster_is_stale if {
	some res in _all(object.union(_good, {"enforce-version": "v1.31"}), [], "1.35")
	res.path == _place("enforce-version")
	res.message == `namespace "shop" enforces its level as of v1.31, and the cluster runs 1.35`
	_all(object.union(_good, {"enforce-version": "v1.32"}), [], "1.35") == set()
	_all(object.union(_good, {"enforce-version": "1.9"}), [], "1.12") == set()
	count(_all(object.union(_good, {"enforce-version": "v1.9"}), [], "1.35")) == 1
}

test_the_version_of_a_cluster_that_is_not_known_makes_nothing_stale if {
	_all(object.union(_good, {"enforce-version": "v1.20"}), [], null) == set()
}

test_missing_audit_or_warn_is_told_once if {
	some res in _deny(object.remove(_good, ["audit", "warn"]))
	res.path == _place("audit")
	res.message == `namespace "shop" has no level for audit and warn`
	_places(_deny(object.remove(_good, ["audit"]))) == {_place("audit")}
	_places(_deny(object.remove(_good, ["warn"]))) == {_place("warn")}
}

test_a_level_that_is_not_known_yet_is_unknown if {
	some res in _all({}, ["enforce"], "1.35")
	res.path == _place("enforce")
	res.unknown == "after apply"
	res.message == `whether namespace "shop" pins the version of its level is not known`
}

test_a_known_level_is_no_unknown_one if _all(_good, ["enforce", "audit", "warn", "enforce-version"], "1.35") == set()

test_each_other_label_that_is_not_known_yet_is_unknown if {
	every name in ["enforce-version", "audit", "warn"] {
		found := _all(object.remove(_good, [name]), [name], "1.35")
		{[res.path, res.unknown] | some res in found} == {[_place(name), "after apply"]}
		{res.message | some res in found} == {sprintf(`whether namespace "shop" has a label %s that will do is not known`, [name])}
	}
}
