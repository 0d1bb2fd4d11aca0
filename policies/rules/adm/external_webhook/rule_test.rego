package plimsoll.rules.adm.external_webhook_test

import data.plimsoll.rules.adm.external_webhook as rule

_judge(annotations, webhooks) := {res |
	some res in rule.deny with input as {"name": "guard", "attr": {"annotations": annotations, "webhooks": webhooks}}
		with data.plimsoll.params.adm.external_webhook as {"allowed_webhook_hosts": ["*.example.com"]}
}

_deny(config) := _judge({}, [{"name": "a", "clientConfig": config}])

_url(url) := _deny({"url": url, "caBundle": "TUlJ"})

test_a_host_outside_the_cluster_fails if {
	some res in _judge({}, [{}, {"name": "a", "clientConfig": {"url": "https://hooks.example.net/admit"}}])
	res.path == "webhooks[1].clientConfig.url"
	res.message == `webhook "a" sends objects to hooks.example.net, outside the cluster`
	not res.severity
}

test_the_name_of_the_configuration_stands_in if {
	some res in _judge({}, [{"clientConfig": {"url": "https://hooks.example.net"}}])
	contains(res.message, `webhook "guard"`)
}

test_every_spelling_of_a_host_is_read if {
	every url in [
		"HTTPS://Hooks.Example.NET",
		"https://hooks.example.net:8443/a?b#c",
		"https://hooks.example.net?x=https://localhost",
		"https://hooks.example.net#.svc",
		"https://localhost@hooks.example.net/",
	] {
		{res.message | some res in _url(url)} == {`webhook "a" sends objects to hooks.example.net, outside the cluster`}
	}
	contains([res.message | some res in _url("https://[2001:db8::1]:443/x")][0], "[2001:db8::1]")
	contains([res.message | some res in _url("https://10.0.0.7/x")][0], "10.0.0.7")
}

test_a_name_that_only_looks_like_one_of_the_cluster_fails if {
	count(_url("https://webhook.policy.svc.example.net")) == 1
	count(_url("https://websvc")) == 1
	count(_url("https://localhost.example.net")) == 1
}

test_hosts_of_the_cluster_and_listed_ones_pass if {
	every url in [
		"https://webhook.policy.svc/validate",
		"https://webhook.policy.svc.cluster.local:443/validate",
		"https://webhook.policy.svc.cluster.local./validate",
		"https://127.0.0.1:23443/mutate",
		"https://[::1]:23443/mutate",
		"https://localhost/mutate",
		"https://opa.example.com/v0",
	] {
		_url(url) == set()
	}
}

test_no_tls_fails_whatever_the_host if {
	some res in _url("http://webhook.policy.svc/validate")
	res.message == `webhook "a" sends objects to webhook.policy.svc without TLS`
	res.path == "webhooks[0].clientConfig.url"
	count(_url("http://hooks.example.net")) == 2
	count(_url("HTTP://opa.example.com")) == 1
}

test_what_is_no_url_is_not_judged if {
	_url("hooks.example.net") == set()
	_url(null) == set()
	_url(7) == set()
}

_service(bundle) := object.union({"service": {"name": "w", "namespace": "n"}}, bundle)

test_a_service_without_a_ca_is_of_low_severity if {
	every bundle in [{}, {"caBundle": ""}, {"caBundle": "Cg=="}, {"caBundle": null}] {
		found := _deny(_service(bundle))
		{[res.path, res.severity] | some res in found} == {["webhooks[0].clientConfig.caBundle", "low"]}
		{res.message | some res in found} == {`webhook "a" names no CA to check its Service by`}
	}
}

test_a_service_with_a_ca_passes if _deny(_service({"caBundle": "TUlJ"})) == set()

test_a_ca_that_something_fills_in_passes if {
	every key in [
		"cert-manager.io/inject-ca-from",
		"cert-manager.io/inject-apiserver-ca",
		"service.beta.openshift.io/inject-cabundle",
	] {
		_judge({"note": "x", key: "n/ca"}, [{"clientConfig": _service({})}]) == set()
	}
	count(_judge({"cert-manager.io/issuer": "ca"}, [{"clientConfig": _service({})}])) == 1
}

test_a_url_needs_no_ca_of_its_own if _deny({"url": "https://opa.example.com"}) == set()

test_what_is_no_list_is_not_judged if {
	_judge({}, {"a": {"clientConfig": {"url": "http://hooks.example.net"}}}) == set()
	_judge({}, {"a": {"clientConfig": _service({})}}) == set()
}
