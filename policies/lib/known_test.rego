package plimsoll.lib.known_test

import data.plimsoll.lib.known

test_left_out_when_nothing_is_said if known.left_out({}, "a.b")

test_left_out_when_the_services_default_applies if known.left_out({"a.b": {"reason": "ambiguous_default"}}, "a.b")

test_not_left_out_when_it_is_not_known_yet if not known.left_out({"a.b": {"reason": "after_apply"}}, "a.b")

test_a_partial_list_has_elements if known.has_unknown_elements({}, {"groups": "after_apply"}, "groups")

test_a_list_of_references_has_elements if {
	known.has_unknown_elements({"groups": {"reason": "after_apply", "refs": ["tf:p#aws_security_group.a"]}}, {}, "groups")
}

test_an_unknown_list_need_not if not known.has_unknown_elements({"groups": {"reason": "after_apply"}}, {}, "groups")

_document := {"unknown": {"rules[0].verbs": {"reason": "after_apply"}}, "partial": {"subjects": "data_source"}}

test_reason_at_the_path if known.reason(_document, "rules[0].verbs") == "after apply"

test_reason_below_the_path if known.reason(_document, "rules[0]") == "after apply"

test_reason_above_the_path if known.reason(_document, "subjects[3].name") == "data source"

test_no_reason_beside_the_path if {
	not known.reason(_document, "rules[1].verbs")
	not known.reason(_document, "rules[0].verbsets")
	not known.reason({}, "rules")
}
