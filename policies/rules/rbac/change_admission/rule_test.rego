package plimsoll.rules.rbac.change_admission_test

import data.plimsoll.rules.rbac.change_admission as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_writes(resource, names) := {
	"api_groups": ["admissionregistration.k8s.io"], "resources": [resource],
	"verbs": ["patch"], "resource_names": names,
}

test_writing_fails if {
	every resource in [
		"validatingwebhookconfigurations", "mutatingwebhookconfigurations",
		"validatingadmissionpolicies", "validatingadmissionpolicybindings",
		"mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
	] {
		some res in _cluster(_writes(resource, []))
		not res.severity
		endswith(res.message, sprintf("may write %s", [resource]))
	}
}

test_named_objects_are_low if {
	some res in _cluster(_writes("validatingwebhookconfigurations", ["mine"]))
	res.severity == "low"
}

test_a_role_reaches_none if {
	some res in _role(_writes("validatingwebhookconfigurations", []))
	res.severity == "low"
	endswith(res.message, "no ClusterRole")
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_writes("validatingwebhookconfigurations", [])]}
	some res in _deny(attr)
	res.exempt
}
