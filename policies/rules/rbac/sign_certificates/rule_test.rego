package plimsoll.rules.rbac.sign_certificates_test

import data.plimsoll.rules.rbac.sign_certificates as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_signs := {"api_groups": ["certificates.k8s.io"], "resources": ["signers"], "verbs": ["sign"]}

test_signing_fails if {
	some res in _cluster(_signs)
	not res.severity
	endswith(res.message, "by signers")
}

test_approving_takes_an_update_of_the_subresource if {
	count(_cluster({"api_groups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests/approval"], "verbs": ["update"]})) == 1
	_cluster({"api_groups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests"], "verbs": ["update"]}) == set()
}

test_a_role_reaches_no_signers if {
	some res in _role(_signs)
	res.severity == "low"
	endswith(res.message, "no ClusterRole")
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_signs]}
	some res in _deny(attr)
	res.exempt
}
