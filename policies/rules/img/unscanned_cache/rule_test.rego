package plimsoll.rules.img.unscanned_cache_test

import data.plimsoll.rules.img.unscanned_cache as rule

_stack(more) := {"stack": {
	"documents": {
		"c": object.union({"id": "c", "attr": {"prefix": "hub"}, "unknown": {}, "partial": {}}, object.get(more, "c", {})),
		"s": object.union({"id": "s", "attr": {"scan_type": "BASIC", "rules": [{"frequency": "SCAN_ON_PUSH", "filters": ["hub/*"]}]}, "unknown": {}, "partial": {}}, object.get(more, "s", {})),
		"t": object.union({"id": "t", "attr": {}}, object.get(more, "t", {})),
	},
	"by_type": {"ecr_pull_through_cache": ["c"], "ecr_scanning": ["s"], "ecr_creation_template": [id | some id in ["t"]; more[id]]},
}}

_deny(more) := found if {
	found := rule.deny with input as _stack(more)
}

_filter(filter) := {"s": {"attr": {"rules": [{"frequency": "SCAN_ON_PUSH", "filters": [filter]}]}}}

_template(attr) := {"t": {"attr": object.union({"prefix": "hub", "applied_for": ["PULL_THROUGH_CACHE"], "tag_mutability": "MUTABLE"}, attr)}}

_fails(more, document, path) if {
	found := _deny(more)
	count(found) == 1
	some res in found
	res.document == document
	res.path == path
	not res.unknown
}

test_a_covered_cache_passes if {
	_deny({}) == set()
	_deny(_filter("*")) == set()
	_deny(_filter("hub")) == set()
}

test_a_cache_that_no_filter_covers_fails if {
	_fails(_filter("prod/*"), "c", "prefix")
	_fails(_filter("hub/library/*"), "c", "prefix")
}

test_the_root_is_covered_by_everything_only if {
	_fails(object.union(_filter("ROOT/*"), {"c": {"attr": {"prefix": "ROOT"}}}), "c", "prefix")
	_deny(object.union(_filter("*"), {"c": {"attr": {"prefix": "ROOT"}}})) == set()
}

test_a_mutable_template_fails if {
	_fails(_template({}), "t", "tag_mutability")
	_fails(_template({"prefix": "ROOT"}), "t", "tag_mutability")
}

test_other_templates_pass if {
	_deny(_template({"tag_mutability": "IMMUTABLE"})) == set()
	_deny(_template({"prefix": "quay"})) == set()
	_deny(_template({"applied_for": ["REPLICATION"]})) == set()
}

_unknown(more) if {
	some res in _deny(more)
	res.unknown
	res.path == "prefix"
}

test_what_is_not_known_is_unknown if {
	_unknown(object.union(_filter("prod/*"), {"c": {"attr": {"prefix": "hub"}}, "s": {"unknown": {"scan_type": {"reason": "after_apply"}}, "attr": {"rules": []}}}))
	found := rule.deny with input as json.remove(_stack({"c": {"unknown": {"prefix": {"reason": "after_apply"}}}}), ["stack/documents/c/attr/prefix"])
	count(found) == 1
	some res in found
	res.unknown == "after apply"
}

test_an_unknown_prefix_passes_when_everything_is_scanned if {
	found := rule.deny with input as json.remove(_stack(object.union(_filter("*"), {"c": {"unknown": {"prefix": {"reason": "after_apply"}}}})), ["stack/documents/c/attr/prefix"])
	found == set()
}
