package plimsoll.rules.net.unenforced_policies_test

import data.plimsoll.rules.net.unenforced_policies

_stack(engine) := {"stack": {
	"documents": {"c": {"id": "c", "name": "harbour"}, "addon": {"id": "addon"}},
	"by_type": {"eks_cluster": ["c"]},
	"facts": {"netpol_engine": engine},
}}

test_no_engine_is_a_gap if {
	some res in unenforced_policies.deny with input as _stack({"enforced": false, "evidence": [], "unknown": []})
	res.document == "c"
}

test_engine_passes if {
	count(unenforced_policies.deny) == 0 with input as _stack({"enforced": true, "evidence": [], "unknown": []})
}

test_unknown_configuration_is_unknown if {
	engine := {"enforced": false, "evidence": [], "unknown": [{"document": "addon", "path": "configuration", "reason": "after_apply"}]}
	some res in unenforced_policies.deny with input as _stack(engine)
	res.unknown == "after_apply"
}

test_engine_beside_an_unknown_one_passes if {
	engine := {"enforced": true, "evidence": [], "unknown": [{"document": "addon", "path": "configuration", "reason": "after_apply"}]}
	count(unenforced_policies.deny) == 0 with input as _stack(engine)
}
