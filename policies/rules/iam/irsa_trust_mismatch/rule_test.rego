package plimsoll.rules.iam.irsa_trust_mismatch_test

import data.plimsoll.rules.iam.irsa_trust_mismatch

_account := {"id": "sa", "name": "web", "namespace": "shop", "unknown": {}, "attr": {"role_arn": "arn:aws:iam::1:role/web"}}

_role(subject, unknown) := {
	"id": "role", "name": "web", "unknown": unknown, "partial": {},
	"attr": {"trust": {"statements": [{
		"effect": "Allow", "actions": ["sts:AssumeRoleWithWebIdentity"], "principals": {"federated": ["${oidc}"]},
		"conditions": [{"operator": "StringEquals", "key": "${oidc}:sub", "values": [subject]}],
	}]}},
}

_stack(role, links) := {"stack": {
	"documents": {"sa": _account, "role": role},
	"by_type": {"service_account": ["sa"], "iam_role": ["role"]},
	"links": object.union({"role_of": {"sa": [{"to": "role", "via": "value"}]}}, links),
}}

test_trust_of_another_account_fails if {
	some res in irsa_trust_mismatch.deny with input as _stack(_role("system:serviceaccount:shop:api", {}), {})
	not res.unknown
	res.related[0].document == "role"
}

test_admitted_account_passes if {
	links := {"trusts_sa": {"role": [{"to": "sa", "via": "value"}]}}
	count(irsa_trust_mismatch.deny) == 0 with input as _stack(_role("system:serviceaccount:shop:web", {}), links)
}

test_unknown_issuer_does_not_hide_a_known_subject if {
	unknown := {"trust.statements[0].principals.federated[0]": {"reason": "after_apply"}}
	some res in irsa_trust_mismatch.deny with input as _stack(_role("system:serviceaccount:shop:api", unknown), {})
	not res.unknown
}

test_unknown_trust_is_unknown if {
	role := {"id": "role", "name": "web", "unknown": {"trust": {"reason": "after_apply"}}, "partial": {}, "attr": {}}
	some res in irsa_trust_mismatch.deny with input as _stack(role, {})
	res.unknown
}

test_pod_identity_needs_no_web_identity if {
	base := _stack(_role("system:serviceaccount:shop:api", {}), {"role_of": {
		"sa": [{"to": "role", "via": "value"}],
		"assoc": [{"to": "role", "via": "value"}],
	}})
	association := {"id": "assoc", "attr": {"namespace": "shop", "service_account": "web"}}
	stack := {"stack": object.union(base.stack, {
		"documents": object.union(base.stack.documents, {"assoc": association}),
		"by_type": {"service_account": ["sa"], "pod_identity_association": ["assoc"]},
	})}
	count(irsa_trust_mismatch.deny) == 0 with input as stack
}

_with_association(attr, used) := found if {
	base := _stack(_role("system:serviceaccount:shop:api", {}), {"role_of": {
		"sa": [{"to": "role", "via": "value"}],
		"assoc": [{"to": used, "via": "value"}],
	}})
	association := {"id": "assoc", "attr": object.union({"namespace": "shop", "service_account": "web"}, attr)}
	found := irsa_trust_mismatch.deny with input as {"stack": object.union(base.stack, {
		"documents": object.union(base.stack.documents, {"assoc": association, "other": {"id": "other"}}),
		"by_type": {"service_account": ["sa"], "pod_identity_association": ["assoc"]},
	})}
}

test_associations_of_others_do_not_count if {
	_with_association({}, "role") == set()
	count(_with_association({"namespace": "test"}, "role")) == 1
	count(_with_association({"service_account": "api"}, "role")) == 1
	count(_with_association({}, "other")) == 1
}

test_unknown_name_of_the_role_does_not_matter if {
	role := {"id": "role", "name": "web", "unknown": {"name": {"reason": "after_apply"}}, "partial": {}, "attr": {"trust": {"statements": []}}}
	some res in irsa_trust_mismatch.deny with input as _stack(role, {})
	not res.unknown
}

test_unknown_part_of_a_trust_without_web_identity_is_unknown if {
	role := {"id": "role", "name": "web", "unknown": {"trust.statements[0].actions": {"reason": "after_apply"}}, "partial": {}, "attr": {"trust": {"statements": []}}}
	some res in irsa_trust_mismatch.deny with input as _stack(role, {})
	res.unknown
}

test_subject_with_an_open_part_is_unknown_where_it_may_be_the_account if {
	some res in irsa_trust_mismatch.deny with input as _stack(_role("system:serviceaccount:shop:${name}", {}), {})
	res.unknown
	some other in irsa_trust_mismatch.deny with input as _stack(_role("system:serviceaccount:test:${name}", {}), {})
	not other.unknown
}

test_account_with_an_open_name_is_unknown if {
	base := _stack(_role("system:serviceaccount:shop:api", {}), {})
	documents := object.union(base.stack.documents, {"sa": object.union(_account, {"name": "${NAME}"})})
	some res in irsa_trust_mismatch.deny with input as {"stack": object.union(base.stack, {"documents": documents})}
	res.unknown
}
