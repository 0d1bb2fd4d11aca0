package plimsoll.lib.selectors_test

import data.plimsoll.lib.selectors

_labels := {"app": "web", "tier": "front"}

_expression(operator, key, values) := {"matchExpressions": [{"key": key, "operator": operator, "values": values}]}

test_an_empty_selector_selects_everything if selectors.matches({}, _labels)

test_labels if {
	selectors.matches({"matchLabels": {"app": "web"}}, _labels)
	not selectors.matches({"matchLabels": {"app": "web", "tier": "back"}}, _labels)
	not selectors.matches({"matchLabels": {"stage": "prod"}}, _labels)
}

test_in if {
	selectors.matches(_expression("In", "app", ["cart", "web"]), _labels)
	not selectors.matches(_expression("In", "app", ["cart"]), _labels)
	not selectors.matches(_expression("In", "stage", ["prod"]), _labels)
}

test_not_in if {
	selectors.matches(_expression("NotIn", "app", ["cart"]), _labels)
	selectors.matches(_expression("NotIn", "stage", ["prod"]), _labels)
	not selectors.matches(_expression("NotIn", "app", ["web"]), _labels)
}

test_exists if {
	selectors.matches({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, _labels)
	not selectors.matches({"matchExpressions": [{"key": "stage", "operator": "Exists"}]}, _labels)
	selectors.matches({"matchExpressions": [{"key": "stage", "operator": "DoesNotExist"}]}, _labels)
	not selectors.matches({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, _labels)
}

test_labels_and_expressions_narrow_together if {
	not selectors.matches(object.union(_expression("In", "app", ["web"]), {"matchLabels": {"tier": "back"}}), _labels)
}

test_what_is_no_selector_selects_nothing if {
	not selectors.matches(null, _labels)
	not selectors.matches("app=web", _labels)
	not selectors.matches(_expression("Equals", "app", ["web"]), _labels)
	not selectors.matches({}, null)
}
