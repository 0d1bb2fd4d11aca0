package plimsoll.rules.adm.namespace_level_test

import data.plimsoll.rules.adm.namespace_level as rule

_deny(name, labels, required) := {res |
	some res in rule.deny with input as {"name": name, "attr": {"labels": labels}}
		with data.plimsoll.params.adm.namespace_level as {"required_level_by_selector": required}
}

_enforce(level) := {"pod-security.kubernetes.io/enforce": level}

test_a_level_below_the_required_one_fails if {
	some res in _deny("shop", _enforce("baseline"), {"shop": "restricted"})
	res.path == `labels["pod-security.kubernetes.io/enforce"]`
	res.message == `namespace "shop" enforces baseline, and "shop" requires restricted`
}

test_without_the_label_the_level_is_privileged if {
	some res in _deny("shop", {}, {"shop": "baseline"})
	contains(res.message, "enforces privileged")
	count(_deny("shop", _enforce("privileged"), {"shop": "baseline"})) == 1
}

test_a_namespace_without_labels_fails if {
	some res in rule.deny with input as {"name": "shop", "attr": {}}
		with data.plimsoll.params.adm.namespace_level as {"required_level_by_selector": {"shop": "baseline"}}
	contains(res.message, "enforces privileged")
}

test_the_required_level_and_above_pass if {
	_deny("shop", _enforce("restricted"), {"shop": "restricted"}) == set()
	_deny("shop", _enforce("restricted"), {"shop": "baseline"}) == set()
	_deny("shop", _enforce("baseline"), {"shop": "baseline"}) == set()
	_deny("shop", {}, {"shop": "privileged"}) == set()
}

test_nothing_is_required_unless_somebody_says if _deny("shop", {}, {}) == set()

test_names_match_by_pattern if {
	count(_deny("shop-eu", {}, {"shop-*": "baseline"})) == 1
	_deny("cart", {}, {"shop-*": "baseline"}) == set()
	_deny("shop", {}, {"shop-*": "baseline"}) == set()
}

test_labels_match_all_together if {
	labels := {"tenant": "true", "stage": "prod"}
	count(_deny("shop", labels, {"tenant=true": "baseline"})) == 1
	count(_deny("shop", labels, {"tenant=true, stage=prod": "baseline"})) == 1
	_deny("shop", labels, {"tenant=true,stage=dev": "baseline"}) == set()
	_deny("shop", labels, {"team=a": "baseline"}) == set()
}

# A selector by labels is no pattern for names, and the other way round.
test_a_selector_is_of_one_form if {
	_deny("a=b", {}, {"a=b": "baseline"}) == set()
	_deny("shop", {"shop": ""}, {"sho": "baseline"}) == set()
}

test_each_selector_is_judged if {
	found := _deny("shop", {"tenant": "true"}, {"tenant=true": "restricted", "shop": "baseline"})
	count(found) == 2
}

test_a_word_that_is_no_level_requires_nothing if _deny("shop", {}, {"shop": "strict"}) == set()
