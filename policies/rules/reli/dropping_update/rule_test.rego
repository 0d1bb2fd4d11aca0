package plimsoll.rules.reli.dropping_update_test

import data.plimsoll.rules.reli.dropping_update as rule

_deny(kind, strategy) := found if {
	found := rule.deny with input as {"name": "web", "attr": {"kind": kind, "strategy": strategy}}
}

_paths(kind, strategy) := {res.path | some res in _deny(kind, strategy)}

test_recreate_fails if _paths("Deployment", {"type": "Recreate"}) == {"strategy.type"}

test_all_at_once_fails if _paths("Deployment", {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "100%"}}) == {"strategy.rollingUpdate.maxUnavailable"}

test_some_at_once_pass if {
	_deny("Deployment", {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "50%"}}) == set()
	_deny("Deployment", {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 100}}) == set()
}

test_on_delete_fails_for_daemon_sets if {
	_paths("DaemonSet", {"type": "OnDelete"}) == {"strategy.type"}
	_deny("StatefulSet", {"type": "OnDelete"}) == set()
	_deny("DaemonSet", {"type": "RollingUpdate"}) == set()
}
