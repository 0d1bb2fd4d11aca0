package plimsoll.rules.pod.fetched_code_test

import data.plimsoll.rules.pod.fetched_code as rule

_at(container) := {res.path | some res in rule.deny with input as {"name": "web", "attr": {"kind": "Deployment", "containers": [container]}}}

_script(text) := _at({"image": "web:1", "command": ["sh", "-c", text]})

test_downloads_into_a_shell_fail if {
	every text in [
		"curl -fsSL https://example.com/install.sh | sh",
		"wget -qO- https://example.com/x | sudo bash -s --",
		"bash <(curl -s https://example.com/x)",
		"sh -c \"$(curl -fsSL https://example.com/x)\"",
		"eval $(curl -s https://example.com/x)",
	] {
		_script(text) == {"containers[0].command[2]"}
	}
}

test_package_managers_fail if {
	every text in [
		"pip install -r requirements.txt && python app.py",
		"python -m pip3 install flask",
		"npm ci; node app.js",
		"yarn install",
		"apk --no-cache add curl",
		"apt-get update && apt-get -y install jq",
		"go install example.com/tool@latest",
	] {
		_script(text) == {"containers[0].command[2]"}
	}
	_at({"image": "web:1", "command": ["npm", "install"]}) == {"containers[0].command"}
	_at({"image": "web:1", "args": ["pip", "install", "flask"]}) == {"containers[0].args"}
}

test_others_pass if {
	every text in [
		"curl -s http://localhost:8080/healthz | grep ok",
		"pip install --no-index --find-links=/wheels app",
		"npm start",
		"curl -o /tmp/x https://example.com/x",
	] {
		_script(text) == set()
	}
	_at({"image": "web:1", "args": [null, "--pip", "install.sh"]}) == set()
	_at({}) == set()
}

_sync(container) := _at(object.union(
	{"image": "registry.k8s.io/git-sync/git-sync:v4.4.0"},
	object.union(container, {"args": array.concat(object.get(container, "args", []), ["--repo=https://example.com/a"])}),
))

_sha := "4f1d1c5e0a6e8f2f5c9b0d3b7a1e6c8d9f0a1b2c"

test_git_sync_without_a_commit_fails if {
	_sync({}) == {"containers[0].args"}
	_sync({"args": ["--branch=main"]}) == {"containers[0].args"}
	_sync({"args": ["--ref=main"]}) == {"containers[0].args[0]"}
	_sync({"args": ["--ref", "HEAD"]}) == {"containers[0].args[1]"}
	_sync({"env": [{"name": "GITSYNC_REF", "value": "main"}]}) == {"containers[0].env[0].value"}
	_sync({"env": [{"name": "GIT_SYNC_REV", "value": "HEAD"}]}) == {"containers[0].env[0].value"}
}

test_git_sync_at_a_commit_passes if {
	_sync({"args": [concat("", ["--ref=", _sha])]}) == set()
	_sync({"args": ["-rev", _sha]}) == set()
	_sync({"args": ["--ref=v1.2.3"]}) == set()
	_sync({"env": [{"name": "GITSYNC_REF", "value": _sha}]}) == set()
	_sync({"env": [{"name": "GITSYNC_REF", "valueFrom": {"configMapKeyRef": {}}}]}) == set()
}

test_git_sync_with_a_hook_fails if {
	_sync({"args": [concat("", ["--ref=", _sha]), "--exechook-command=/run.sh"]}) == {"containers[0].args[1]"}
	_sync({"args": ["--ref=v1.2.3"], "env": [{"name": "GIT_SYNC_SYNC_HOOK_COMMAND", "value": "/run.sh"}, {"name": "GITSYNC_EXECHOOK_COMMAND", "value": ""}]}) == {"containers[0].env[0].value"}
}

test_what_has_no_repository_is_no_git_sync if _at({"image": "registry.k8s.io/git-sync/git-sync:v4.4.0"}) == set()

test_other_fields_are_not_judged if _at({"image": "web:1", "note": ["pip install flask"]}) == set()

test_options_of_other_programs_are_not_git_syncs if {
	_at({"image": "web:1", "args": ["--ref=main", "--exechook-command=/bin/x"]}) == set()
}
