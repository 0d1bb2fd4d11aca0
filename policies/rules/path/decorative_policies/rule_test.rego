package plimsoll.rules.path.decorative_policies_test

import data.plimsoll.rules.path.decorative_policies

_stack(engine, policies) := {"stack": {
	"documents": {
		"addon": {"id": "addon", "attr": {"name": "vpc-cni"}},
		"p": {"id": "p", "namespace": "shop", "name": "web", "attr": {}},
	},
	"by_type": {"eks_addon": ["addon"], "network_policy": policies},
	"facts": {"netpol_engine": engine},
}}

_none := {"enforced": false, "evidence": [], "unknown": []}

test_policies_without_enforcement_fail_at_the_add_on if {
	some res in decorative_policies.deny with input as _stack(_none, ["p"])
	res.document == "addon"
	res.related[0].document == "p"
}

test_enforced_policies_pass if {
	count(decorative_policies.deny) == 0 with input as _stack({"enforced": true, "evidence": [], "unknown": []}, ["p"])
}

test_no_policies_pass if {
	count(decorative_policies.deny) == 0 with input as _stack(_none, [])
}

test_unknown_configuration_is_unknown if {
	engine := {"enforced": false, "evidence": [], "unknown": [{"document": "addon", "path": "configuration", "reason": "after_apply"}]}
	some res in decorative_policies.deny with input as _stack(engine, ["p"])
	res.unknown == "after_apply"
}
