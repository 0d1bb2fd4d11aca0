package plimsoll.rules.rbac.token_secret_test

import data.plimsoll.rules.rbac.token_secret as rule

_doc(id, type, namespace, attr) := {
	"id": id, "type": type, "name": id, "namespace": namespace, "attr": attr,
	"kind": type, "unknown": {}, "partial": {}, "raw": {},
}

_unknown(doc, path) := object.union(doc, {"unknown": {path: {"reason": "after_apply", "template": "${X}"}}})

# links: [relation, from, to].
_stack(docs, links, facts) := {
	"documents": {d.id: d | some d in docs},
	"by_type": {type: sort([d.id | some d in docs; d.type == type]) | some type in {d.type | some d in docs}},
	"by_kind": {kind: sort([d.id | some d in docs; d.kind == kind]) | some kind in {d.kind | some d in docs}},
	"links": {rel: {from: [{"to": to, "via": "value"} | some [rel, from, to] in links] |
		some [rel, from, _] in links
	} |
		some [rel, _, _] in links
	},
	"backlinks": {rel: {to: [{"from": from, "via": "value"} | some [rel, from, to] in links] |
		some [rel, _, to] in links
	} |
		some [rel, _, _] in links
	},
	"facts": facts,
}

_deny(docs, links) := {res | some res in rule.deny with input.stack as _stack(docs, links, {})}

_secret(name, namespace, attr) := _doc(name, "secret", namespace, attr)

_token := {"type": "kubernetes.io/service-account-token"}

_account(names) := _doc("ci", "service_account", "build", {"secrets": [{"name": name} | some name in names]})

test_a_token_fails if {
	some res in _deny([_secret("t", "build", _token)], [])
	res.path == "type"
	res.message == `Secret "t" is a token that never expires`
	not res.unknown
}

test_the_message_names_the_account if {
	some res in _deny([_secret("t", "build", object.union(_token, {"annotations": {"kubernetes.io/service-account.name": "ci"}}))], [])
	res.message == `Secret "t" is a token of account ci that never expires`
}

test_other_secrets_pass if {
	_deny([_secret("t", "build", {"type": "Opaque"})], []) == set()
	_deny([_secret("t", "build", {})], []) == set()
}

test_a_type_that_is_not_known_is_unknown if {
	some res in _deny([_unknown(_secret("t", "build", {}), "type")], [])
	res.unknown == "after apply"
}

test_an_account_that_lists_a_token_fails if {
	some res in _deny([_secret("a", "build", {"type": "Opaque"}), _secret("t", "build", _token), _account(["a", "t"])], [])
	res.document == "ci"
	res.path == "secrets[1].name"
	endswith(res.message, "lists t, a token that never expires")
}

test_a_token_of_another_namespace_is_another if {
	{res.document | some res in _deny([_secret("t", "other", _token), _account(["t"])], [])} == {"t"}
}

test_names_that_kubernetes_gave_tokens_fail if {
	every name in ["ci-token-x2zgf", "ci-token"] {
		count(_deny([_account([name])], [])) == 1
	}
	every name in ["ci", "ci-tokens", "token-list", "ci-token-aeiou"] {
		_deny([_account([name])], []) == set()
	}
}

test_the_secret_itself_tells_more_than_its_name if {
	_deny([_secret("ci-token", "build", {"type": "Opaque"}), _account(["ci-token"])], []) == set()
	_deny([_secret("ci-token", "build", {}), _account(["ci-token"])], []) == set()
}

test_a_name_that_is_not_known_is_unknown if {
	account := _doc("ci", "service_account", "build", {"secrets": [{"name": "pull"}, {}]})
	some res in _deny([_unknown(account, "secrets[1].name")], [])
	res.unknown == "after apply"
	res.path == "secrets[1].name"
}
