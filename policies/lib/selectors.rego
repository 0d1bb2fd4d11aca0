# METADATA
# title: Label selectors
# description: Kubernetes' matchLabels and matchExpressions against labels that are known.
# related_resources:
#   - description: Kubernetes, labels and selectors
#     ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
package plimsoll.lib.selectors

# matches tells that a selector selects an object with these labels. An empty
# selector selects everything.
matches(selector, labels) if {
	is_object(selector)
	is_object(labels)
	every key, value in object.get(selector, "matchLabels", {}) {
		labels[key] == value
	}
	every expression in object.get(selector, "matchExpressions", []) {
		is_object(expression)
		_holds(expression.operator, _found(expression, labels), object.get(expression, "values", []))
	}
}

# _found lists the value of the label an expression is about, or nothing.
_found(expression, labels) := [value | some key, value in labels; key == expression.key]

_holds("In", found, values) if {
	some value in found
	value in values
}

_holds("NotIn", found, values) if {
	every value in found {
		not value in values
	}
}

_holds("Exists", found, _) if count(found) > 0

_holds("DoesNotExist", [], _)
