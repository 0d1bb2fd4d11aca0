package plimsoll.rules.img.unscanned_repository_test

import data.plimsoll.rules.img.unscanned_repository as rule

_stack(more) := {"stack": {
	"documents": {
		"r": object.union({"id": "r", "name": "web", "attr": {"name": "shop/web", "scan_on_push": false}, "unknown": {}, "partial": {}}, object.get(more, "r", {})),
		"s": object.union({"id": "s", "attr": {}, "unknown": {}, "partial": {}}, object.get(more, "s", {})),
		"i": object.union({"id": "i", "attr": {}, "unknown": {}, "partial": {}}, object.get(more, "i", {})),
	},
	"by_type": {
		"ecr_repository": ["r"],
		"ecr_scanning": [id | some id in ["s"]; more[id]],
		"inspector": [id | some id in ["i"]; more[id]],
	},
}}

_deny(more, enhanced) := found if {
	found := rule.deny with input as _stack(more)
		with data.plimsoll.params.img.unscanned_repository as {"require_enhanced": enhanced}
}

_registry(type, frequency, filter) := {"s": {"attr": {"scan_type": type, "rules": [{"frequency": frequency, "filters": [filter]}]}}}

_fails(more, enhanced) if {
	some res in _deny(more, enhanced)
	res.path == "scan_on_push"
	not res.unknown
}

_unknown(more) if {
	some res in _deny(more, false)
	res.unknown
}

test_without_scans_fails if {
	_fails({}, false)
	some res in _deny({}, false)
	contains(res.message, "on push or by the registry")
}

test_scan_on_push_passes if _deny({"r": {"attr": {"scan_on_push": true}}}, false) == set()

test_scan_on_push_is_not_enhanced if {
	_fails({"r": {"attr": {"scan_on_push": true}}}, true)
	some res in _deny({}, true)
	contains(res.message, "by Amazon Inspector")
}

test_the_registry_scans if {
	_deny(_registry("BASIC", "SCAN_ON_PUSH", "*"), false) == set()
	_deny(_registry("BASIC", "SCAN_ON_PUSH", "shop/*"), false) == set()
	_deny(_registry("BASIC", "SCAN_ON_PUSH", "shop"), false) == set()
	_deny(_registry("ENHANCED", "CONTINUOUS_SCAN", "*web"), true) == set()
}

test_the_registry_scans_others if {
	_fails(_registry("BASIC", "SCAN_ON_PUSH", "prod/*"), false)
	_fails(_registry("BASIC", "SCAN_ON_PUSH", "prod"), false)
	_fails(_registry("BASIC", "MANUAL", "*"), false)
	_fails(_registry("BASIC", "SCAN_ON_PUSH", "*"), true)
}

test_inspector_scans if {
	_deny({"i": {"attr": {"types": ["ECR"]}}}, true) == set()
	_fails({"i": {"attr": {"types": ["EC2"]}}}, false)
}

test_what_is_not_known_is_unknown if {
	_unknown({"s": {"unknown": {"rules": {"reason": "after_apply"}}}})
	_unknown({"s": {"unknown": {"scan_type": {"reason": "after_apply"}}}})
	_unknown({"i": {"unknown": {"types": {"reason": "after_apply"}}}})
	_unknown({"r": {"unknown": {"scan_on_push": {"reason": "after_apply"}}}})
	_unknown(object.union(_registry("BASIC", "SCAN_ON_PUSH", "prod"), {"r": {"unknown": {"name": {"reason": "after_apply"}}}}))
}

test_an_unknown_name_does_not_matter_without_a_registry_configuration if _fails({"r": {"unknown": {"name": {"reason": "after_apply"}}}}, false)
