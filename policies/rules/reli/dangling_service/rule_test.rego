package plimsoll.rules.reli.dangling_service_test

import data.plimsoll.rules.reli.dangling_service as rule

_service(more) := object.union({"id": "s", "name": "web", "namespace": "shop", "unknown": {}, "partial": {}, "attr": {"selector": {"app": "web"}}}, more)

_bare(more) := object.union({"id": "s", "name": "web", "namespace": "shop", "unknown": {}, "partial": {}, "attr": {}}, more)

_workload(ports, unknown) := {"id": "w", "name": "web", "namespace": "shop", "unknown": unknown, "partial": {}, "attr": {"kind": "Deployment", "containers": [{"ports": ports}]}}

_found(service, workload, linked, gaps) := found if {
	found := rule.deny with input as {"stack": {
		"documents": {"s": service, "w": workload},
		"by_type": {"service": ["s"], "workload": ["w"]},
		"backlinks": {"services_of": {"s": [{"from": "w"} | linked]}},
		"facts": {"unknown": {"services_of": gaps}},
	}}
}

_paths(ports, workload) := {res.path | some res in _found(_service({"attr": {"ports": ports}}), workload, true, {})}

test_a_selector_of_nothing_fails if {
	found := _found(_service({}), _workload([], {}), false, {})
	{res.path | some res in found} == {"selector"}
	some res in found
	not res.unknown
}

test_a_selector_of_something_passes if _found(_service({}), _workload([], {}), true, {}) == set()

test_without_a_selector_passes if {
	_found(_bare({"attr": {"selector": {}}}), _workload([], {}), false, {}) == set()
	_found(_bare({}), _workload([], {}), false, {}) == set()
}

test_without_workloads_of_the_namespace_passes if _found(_service({"namespace": "test"}), _workload([], {}), false, {}) == set()

test_what_may_be_selected_is_unknown if {
	some res in _found(_service({}), _workload([], {}), false, {"w": [{"reason": "after_apply"}]})
	res.unknown == "after apply"
	some other in _found(_service({}), _workload([], {}), false, {"s": [{"reason": "data_source"}]})
	other.unknown == "data source"
	some open in _found(_bare({"attr": {"selector": {}}, "unknown": {"selector.app": {"reason": "macro"}}}), _workload([], {}), false, {"s": [{"reason": "macro"}]})
	open.unknown == "macro"
	some more in _found(_service({}), _workload([], {}), false, {"x": [{"reason": "data_source"}]})
	not more.unknown
}

_http := {"name": "http", "containerPort": 8080}

test_a_declared_port_passes if {
	_paths([{"port": 80, "targetPort": 8080}], _workload([_http], {})) == set()
	_paths([{"port": 80, "targetPort": "8080"}], _workload([_http], {})) == set()
	_paths([{"port": 80, "targetPort": "http"}], _workload([_http], {})) == set()
	_paths([{"port": 8080}], _workload([_http], {})) == set()
}

test_another_port_fails if {
	_paths([{"port": 80, "targetPort": 9090}], _workload([_http], {})) == {"ports[0].targetPort"}
	_paths([{"port": 80}], _workload([_http], {})) == {"ports[0].targetPort"}
	_paths([{"port": 80, "targetPort": "TCP"}], _workload([object.union(_http, {"protocol": "TCP"})], {})) == {"ports[0].targetPort"}
	_paths([{"port": 80, "targetPort": "grpc"}], _workload([_http], {})) == {"ports[0].targetPort"}
	_paths([{"port": 80, "targetPort": "http"}], _workload([], {})) == {"ports[0].targetPort"}
	_paths([{"port": 80, "targetPort": "h2"}], _workload([], {})) == {"ports[0].targetPort"}
}

test_a_number_that_nobody_declares_passes if _paths([{"port": 80}], _workload([], {})) == set()

test_ports_that_are_not_known_pass if {
	_paths([{"port": 80}], _workload([_http], {"containers[0].ports": {"reason": "after_apply"}})) == set()
	_paths([{"port": 80}], _workload([_http], {"containers[0].ports[0].name": {"reason": "after_apply"}})) == set()
	_paths([{"port": 80}], _workload([_http], {"containers": {"reason": "after_apply"}})) == set()
	_paths([{"port": 80}], _workload([_http], {"containers[0].image": {"reason": "after_apply"}})) == {"ports[0].targetPort"}
}
