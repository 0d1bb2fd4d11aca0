package plimsoll.lib.paths_test

import data.plimsoll.lib.paths

test_a_plain_key if paths.key("data", "mapRoles") == "data.mapRoles"

test_other_keys_are_quoted if paths.key("annotations", "a.b/c \"d\"") == "annotations[\"a.b/c \\\"d\\\"\"]"

test_places_in_a_list if paths.key("data", 2) == "data[2]"
