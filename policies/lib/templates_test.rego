package plimsoll.lib.templates_test

import data.plimsoll.lib.templates

_good := {"runAsNonRoot": true, "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}

_with(change) := object.union(object.remove(_good, object.keys(change)), change)

_without(keys) := object.remove(_good, keys)

_pod(spec) := yaml.marshal(spec)

_problems(container) := {words | some found in templates.containers(_pod({"containers": [container]})); some words in found.problems}

_of(context) := _problems({"name": "proxy", "securityContext": context})

_names(text) := {found.name | some found in templates.containers(text)}

_joined(lines) := concat("\n", lines)

test_a_hardened_container_has_no_problems if {
	_of(_good) == set()
	_names(_pod({"containers": [{"name": "proxy"}]})) == {`container "proxy"`}
}

test_each_problem_is_named if {
	_of(_with({"privileged": true})) == {"is privileged"}
	_of(_with({"privileged": false})) == set()
	_of(_with({"allowPrivilegeEscalation": true})) == {"may escalate privileges"}
	_of(_without(["allowPrivilegeEscalation"])) == {"may escalate privileges"}
	_of(_with({"runAsUser": 0})) == {"runs as root"}
	_of(_without(["runAsNonRoot"])) == {"may run as root"}
	_of(_with({"runAsNonRoot": false})) == {"may run as root"}
	_of(object.union(_without(["runAsNonRoot"]), {"runAsUser": 1000})) == set()
	_of(_without(["capabilities"])) == {"drops no capabilities"}
	_of(_with({"capabilities": {"drop": ["NET_RAW", 7]}})) == {"drops no capabilities"}
	_of(_with({"capabilities": {"drop": "ALL"}})) == set()
	_of(_with({"capabilities": {"drop": ["all"]}})) == set()
}

test_added_capabilities_are_named if {
	add := {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "sys_admin", "CAP_BPF", 7]}
	_of(_with({"capabilities": add})) == {"adds SYS_ADMIN", "adds BPF"}
	_of(_with({"capabilities": {"drop": ["ALL"], "add": "SYS_ADMIN"}})) == set()
}

test_init_containers_may_redirect_traffic if {
	container := {"name": "init", "securityContext": _with({"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"]}})}
	every list in ["initContainers", "init_containers"] {
		{words | some found in templates.containers(_pod({list: [container]})); some words in found.problems} == {"adds SYS_ADMIN"}
	}
	_problems(container) == {"adds NET_ADMIN", "adds NET_RAW", "adds SYS_ADMIN"}
}

test_the_pod_s_context_counts_where_the_container_s_is_silent if {
	pod := {"securityContext": {"runAsNonRoot": true, "runAsUser": 0}, "containers": [
		{"name": "a", "securityContext": _without(["runAsNonRoot"])},
		{"name": "b", "securityContext": _with({"runAsUser": 1000})},
	]}
	by_name := {found.name: found.problems | some found in templates.containers(_pod(pod))}
	by_name == {`container "a"`: {"runs as root"}, `container "b"`: set()}
	{found.problems | some found in templates.containers(_pod({"securityContext": "none", "containers": [{"name": "a", "securityContext": _good}]}))} == {set()}
}

test_every_list_of_containers_is_read if {
	every list in ["containers", "initContainers", "sidecars", "init_containers"] {
		_names(_pod({"spec": {"template": {list: [{"name": "x"}]}}})) == {`container "x"`}
	}
	_names(_pod({"volumes": [{"name": "x"}], "containers": "none"})) == set()
	_names(_pod({"containers": ["x", null]})) == set()
	_names(_pod([{"name": "x"}])) == set()
}

test_texts_in_texts_are_read if {
	inner := "containers:\n- name: inner\n"
	_names(_pod({"config": inner})) == {`container "inner"`}
	_names(_pod({"config": "containers: []"})) == set()
	_names(_pod({"config": "volumes:\n- name: x\n"})) == set()
}

test_every_document_of_a_stream_is_read if {
	_names("containers:\n- name: a\n---\ncontainers:\n- name: b\n") == {`container "a"`, `container "b"`}
}

test_directives_are_taken_out if {
	text := _joined([
		"containers:",
		"{{- if .Values.on }}",
		"- name: proxy",
		"  image: {{ .Values.image }}",
		"  securityContext:",
		"    runAsNonRoot: {{ .Values.nonRoot }}",
		"    allowPrivilegeEscalation: {{ .Values.escalate }}",
		"    capabilities:",
		"      drop: [{{ .Values.drop }}]",
		"      add: [{{ .Values.add }}]",
		"{{- end }}",
	])
	{[found.name, found.problems, found.conditional] | some found in templates.containers(text)} == {[`container "proxy"`, set(), true]}
}

test_a_value_before_a_directive_stays if {
	text := _joined(["containers:", `- name: "proxy"{{ .Suffix }}`])
	_names(text) == {`container "proxy"`}
}

test_a_name_from_a_directive_is_none if {
	_names("containers:\n- name: {{ .Name }}\n") == {"container without a fixed name"}
	_names("containers:\n- image: x\n") == {"container without a fixed name"}
	_names("containers:\n- name: 7\n") == {"container without a fixed name"}
}

test_only_conditions_make_it_conditional if {
	every directive in ["{{ if .A }}", "{{- else }}", "{{ range .B }}", "{{with .C}}"] {
		{found.conditional | some found in templates.containers(_joined(["containers:", "- name: a", directive]))} == {true}
	}
	{found.conditional | some found in templates.containers("containers:\n- name: a\n  image: {{ .Image }}\n")} == {false}
	{found.conditional | some found in templates.containers("containers:\n- name: a\n")} == {false}
}

test_bodies_of_definitions_before_the_object_are_passed_over if {
	text := _joined([
		"{{ define \"x\" }}",
		"\t- no: [yaml",
		"{{ end }}",
		"spec:",
		"  containers:",
		"  - name: proxy",
	])
	_names(text) == {`container "proxy"`}
}

test_what_is_no_yaml_is_searched_for_the_plainest if {
	text := _joined(["a: [", "    privileged: true", "    allowPrivilegeEscalation: true", "    runAsUser: 0", "    - CAP_SYS_ADMIN"])
	{found.problems | some found in templates.containers(text)} == {{"is privileged", "may escalate privileges", "runs as root", "adds SYS_ADMIN"}}
	_names(text) == {"container, somewhere in a text that is no YAML,"}
	templates.containers(_joined(["a: [", "    runAsUser: 1000", "    privileged: false"])) == set()
}

test_what_is_no_text_has_no_containers if {
	templates.containers(null) == set()
	templates.containers(7) == set()
}
