package plimsoll.rules.adm.weak_sidecar_test

import data.plimsoll.rules.adm.weak_sidecar as rule

_deny(name, data_) := {res | some res in rule.deny with input as {"name": name, "attr": {"data": data_}}}

_good := "containers:\n- name: proxy\n  securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n"

_weak := "containers:\n- name: proxy\n  securityContext: {runAsUser: 0, privileged: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n"

_conditional := concat("\n", [
	"containers:",
	"- name: proxy",
	"  securityContext:",
	"    {{- if .Values.privileged }}",
	"    privileged: true",
	"    {{- end }}",
	"    runAsNonRoot: true",
	"    allowPrivilegeEscalation: false",
	"    capabilities: {drop: [ALL]}",
])

test_a_weak_sidecar_fails if {
	some res in _deny("istio-sidecar-injector", {"values": "{}", "proxy.yaml": _weak})
	res.path == `data["proxy.yaml"]`
	res.message == `injected container "proxy" is privileged, runs as root`
	not res.unknown
}

test_a_hardened_sidecar_passes if _deny("istio-sidecar-injector", {"config": _good}) == set()

test_names_of_injectors_are_known if {
	every name in ["Sidecar-Templates", "pod-INJECTOR", "vault-agent-config"] {
		count(_deny(name, {"config": _weak})) == 1
	}
	_deny("app-config", {"config": _weak}) == set()
}

test_what_stands_under_a_condition_is_unknown if {
	some res in _deny("injector", {"config": _conditional})
	count(_deny("injector", {"config": _conditional})) == 1
	res.unknown == "it depends on the values of the template"
	contains(res.message, "is privileged")
}

test_what_is_no_text_is_not_judged if {
	_deny("injector", {"config": null, "n": 7}) == set()
	_deny("injector", {"config": "a: b"}) == set()
}
