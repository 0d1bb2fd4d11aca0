package plimsoll.lib.system_test

import data.plimsoll.lib.system

_facts := {"workloads": [{
	"name": "agent",
	"namespaces": ["kube-system"],
	"images": ["*.dkr.ecr.*/agent", "registry.example.com/side"],
	"allows": {"PLM-POD-001": ["agent"], "PLM-POD-012": ["/run/*"]},
	"reason": "it watches",
}]}

_agent := {"name": "agent", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:v1"}

_side := {"name": "side", "image": "registry.example.com/side@sha256:abc"}

_in(namespace, containers) := {"namespace": namespace, "attr": {"containers": containers}}

_judged(rule, value, on, document) := res if {
	violation := {"path": "p", "message": "m", "on": on, "value": value}
	res := system.judge(rule, violation) with input as document with data.plimsoll.facts.system_workloads as _facts
}

test_a_container_may_do_what_is_listed if {
	_judged("PLM-POD-001", "agent", 0, _in("kube-system", [_agent])).exempt == "system add-on agent: it watches"
	not _judged("PLM-POD-001", "side", 1, _in("kube-system", [_agent, _side])).exempt
	not _judged("PLM-POD-008", "hostPID", "pod", _in("kube-system", [_agent])).exempt
}

test_a_pod_may_if_all_its_containers_are_of_the_addon if {
	_judged("PLM-POD-012", "/run/agent", "pod", _in("kube-system", [_agent, _side])).exempt
	not _judged("PLM-POD-012", "/run/agent", "pod", _in("kube-system", [_agent, {"name": "x", "image": "x"}])).exempt
	not _judged("PLM-POD-012", "/run/agent", "pod", _in("kube-system", [])).exempt
	not _judged("PLM-POD-012", "/run/agent", "pod", _in("shop", [_agent])).exempt
}

test_some_rules_follow_from_others if {
	_judged("PLM-POD-005", "agent", 0, _in("kube-system", [_agent])).exempt
	_judged("PLM-POD-014", "/run/docker.sock", "pod", _in("kube-system", [_agent])).exempt
}

test_what_is_no_text_is_not_listed if not _judged("PLM-POD-001", null, 0, _in("kube-system", [_agent])).exempt

test_the_profiles_of_the_standards_exempt_nobody if {
	res := _judged("PLM-POD-001", "agent", 0, _in("kube-system", [_agent])) with data.plimsoll.profile as "pss-baseline"
	not res.exempt
}

test_an_addon_is_known_by_its_images if {
	system.is_known with input as _in("kube-system", [_agent, _side]) with data.plimsoll.facts.system_workloads as _facts
	not system.is_known with input as _in("kube-system", [null, _agent]) with data.plimsoll.facts.system_workloads as _facts
	not system.is_known with input as _in("shop", [_agent]) with data.plimsoll.facts.system_workloads as _facts
}
