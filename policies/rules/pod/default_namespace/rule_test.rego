package plimsoll.rules.pod.default_namespace_test

import data.plimsoll.rules.pod.default_namespace as rule

_deny(format, namespace) := {res |
	some res in rule.deny with input as {"format": format, "name": "web", "namespace": namespace, "attr": {"kind": "Deployment"}}
}

test_the_default_namespace_fails if {
	some res in _deny("kubernetes", "default")
	res.path == "metadata.namespace"
	not res.unknown
}

test_another_namespace_passes if {
	_deny("kubernetes", "shop") == set()
	_deny("helm", "shop") == set()
}

test_a_release_goes_anywhere if {
	some res in _deny("helm", "default")
	res.unknown
}

test_an_unknown_namespace_leaves_it_open if {
	some res in _deny("terraform-plan", "")
	res.unknown
	some template in _deny("kubernetes", "${NAMESPACE}")
	template.unknown
}

test_a_release_is_told_once if count(_deny("helm", "default")) == 1
