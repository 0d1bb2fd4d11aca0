package plimsoll.rules.rbac.node_proxy_test

import data.plimsoll.rules.rbac.node_proxy as rule

_deny(attr) := {res | some res in rule.deny with input as {"name": "r", "namespace": "shop", "attr": attr}}

_cluster(rule) := _deny({"cluster_scoped": true, "rules": [rule]})

_role(rule) := _deny({"cluster_scoped": false, "rules": [rule]})

_proxy(resources) := {"api_groups": [""], "resources": resources, "verbs": ["list"]}

test_the_nodes_proxy_is_high if {
	some res in _cluster(_proxy(["nodes", "nodes/proxy"]))
	not res.severity
	res.path == "rules[0].resources[1]"
	res.message == `ClusterRole "r" may use nodes/proxy`
}

test_the_proxies_of_pods_and_services_are_medium if {
	some res in _role(_proxy(["services/proxy", "pods/proxy"]))
	res.severity == "medium"
	res.message == `Role "r" may use services/proxy, pods/proxy`
}

test_a_rule_with_both_is_one_finding if {
	found := _cluster(_proxy(["pods/proxy", "nodes/proxy"]))
	{res.path | some res in found} == {"rules[0].resources[1]"}
}

test_another_rule_is_another_finding if {
	found := _deny({"cluster_scoped": true, "rules": [_proxy(["pods/proxy"]), _proxy(["nodes/proxy"])]})
	count(found) == 2
}

test_a_role_reaches_no_nodes if {
	some res in _role(_proxy(["nodes/proxy"]))
	res.severity == "low"
}

test_reading_metrics_passes if _cluster(_proxy(["nodes/metrics", "nodes/stats"])) == set()

test_every_subresource_of_nodes_counts if count(_cluster(_proxy(["nodes/*"]))) == 1

test_proxies_of_every_resource_count if {
	some res in _cluster(_proxy(["*/proxy"]))
	not res.severity
}

test_a_role_of_kubernetes_itself_is_exempt if {
	attr := {"cluster_scoped": true, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}, "rules": [_proxy(["nodes/proxy"])]}
	some res in _deny(attr)
	res.exempt
}
