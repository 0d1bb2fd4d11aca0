# METADATA
# title: What a role grants
# description: >-
#   About the role under judgement, for resource rules. A wildcard in verbs or API
#   groups counts for what it includes. One in resources counts where the API group
#   is named; with a wildcard there too, the finding is rbac/wildcard's or
#   rbac/all_permissions's, and not one of every power there is.
# related_resources:
#   - description: Kubernetes RBAC, referring to resources
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
package plimsoll.lib.roles

import data.plimsoll.lib.result

# kind is what Kubernetes calls the role.
kind := "ClusterRole" if input.attr.cluster_scoped

kind := "Role" if not input.attr.cluster_scoped

# subject names the role for a message: ClusterRole "ops".
subject := sprintf("%s %q", [kind, input.name])

# judged gives a result back, exempted when Kubernetes itself makes the role: it is
# in the dump of a cluster, and put right when anybody changes it.
judged(res) := result.exempt(res, "a role that Kubernetes makes itself") if {
	input.attr.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"
} else := res

_workloads := {
	"": {"pods", "replicationcontrollers"},
	"apps": {"deployments", "daemonsets", "statefulsets", "replicasets"},
	"batch": {"jobs", "cronjobs"},
}

_webhooks := {"validatingwebhookconfigurations", "mutatingwebhookconfigurations"}

_admission := _webhooks | {
	"validatingadmissionpolicies", "validatingadmissionpolicybindings",
	"mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
}

_rbac := "rbac.authorization.k8s.io"

# powers lists, by name, verbs on resources by API group; prefix stands for more
# resources of that group. cluster tells that the resources have no namespace, so
# that a Role cannot reach them; special, that the verbs mean nothing elsewhere,
# so that they count beside wildcards too.
powers := {
	"create_workloads": [{"verbs": {"create"}, "resources": _workloads}],
	"read_secrets": [{"verbs": {"get", "list", "watch"}, "resources": {"": {"secrets"}}}],
	"delegate": [
		{"verbs": {"bind", "escalate"}, "resources": {_rbac: {"roles", "clusterroles"}}, "special": true},
		{"verbs": {"impersonate"}, "resources": {"": {"serviceaccounts"}}, "special": true},
		{"verbs": {"impersonate"}, "resources": {"": {"users", "groups"}}, "special": true, "cluster": true},
		{
			"verbs": {"impersonate"}, "cluster": true,
			"resources": {"authentication.k8s.io": {"uids"}},
			"prefix": "userextras/",
		},
	],
	"enter_pods": [
		{
			"verbs": {"create", "get"},
			"resources": {"": {"pods/exec", "pods/attach", "pods/portforward", "*/exec", "*/attach", "*/portforward"}},
		},
		{"verbs": {"patch", "update"}, "resources": {"": {"pods/ephemeralcontainers", "*/ephemeralcontainers"}}},
	],
	"proxy_nodes": [{"any_verb": true, "resources": {"": {"nodes/proxy", "nodes/*", "*/proxy"}}, "cluster": true}],
	"proxy_pods": [{"any_verb": true, "resources": {"": {"pods/proxy", "services/proxy", "*/proxy"}}}],
	"mint_tokens": [{"verbs": {"create"}, "resources": {"": {"serviceaccounts/token", "*/token"}}}],
	"change_admission": [{
		"verbs": {"create", "update", "patch", "delete", "deletecollection"},
		"resources": {"admissionregistration.k8s.io": _admission}, "cluster": true,
	}],
	"sign_certificates": [
		{
			"verbs": {"update", "patch"}, "cluster": true,
			"resources": {"certificates.k8s.io": {"certificatesigningrequests/approval", "*/approval"}},
		},
		{
			"verbs": {"approve", "sign"}, "cluster": true, "special": true,
			"resources": {"certificates.k8s.io": {"signers"}},
		},
	],
	"create_volumes": [{"verbs": {"create"}, "resources": {"": {"persistentvolumes"}}, "cluster": true}],
	"write_rbac": [
		{"verbs": {"create", "update", "patch"}, "resources": {_rbac: {"roles", "rolebindings"}}},
		{
			"verbs": {"create", "update", "patch"}, "cluster": true,
			"resources": {_rbac: {"clusterroles", "clusterrolebindings"}},
		},
	],
	"delete_events": [{
		"verbs": {"delete", "deletecollection"},
		"resources": {"": {"events"}, "events.k8s.io": {"events"}},
	}],
	"delete_all_pods": [{"verbs": {"deletecollection"}, "resources": {"": {"pods"}}}],
	"steer_nodes": [
		{"verbs": {"patch", "update", "delete"}, "resources": {"": {"nodes"}}, "cluster": true},
		{"verbs": {"patch", "update"}, "resources": {"": {"nodes/status", "*/status"}}, "cluster": true},
	],
	"evict_pods": [{"verbs": {"create"}, "resources": {"": {"pods/eviction", "*/eviction"}}}],
}

# granted lists, by power, the rules of the role that grant it:
#   rule    its number,
#   path    the first resource by which it does,
#   what    these resources, for a message,
#   names   the objects it is limited to, if any,
#   idle    whether the role cannot reach any of them, being a Role.
granted[power] := _grants(wanteds) if some power, wanteds in powers

_grants(wanteds) := [grant |
	some i, rule in _rules
	hits := [[hit, object.get(wanted, "cluster", false)] |
		some wanted in wanteds
		some hit in _hits(i, rule, wanted)
	]
	count(hits) > 0
	named := {hit | some [hit, _] in hits}
	numbers := [j | some j, resource in input.attr.rules[i].resources; resource in named]
	grant := {
		"rule": i,
		"path": sprintf("rules[%d].resources[%d]", [i, numbers[0]]),
		"what": concat(", ", [_word(input.attr.rules[i].resources[j]) | some j in numbers]),
		"names": [name | some name in input.attr.rules[i].resource_names],
		"idle": _is_idle(hits),
	}
] if {
	_is_likely(wanteds)
} else := []

# Most roles have nothing to do with most powers, which all their rules taken
# together tell at once; where all is known, for this asks in no order.
_is_likely(_) if _is_open

_is_likely(wanteds) if {
	not _is_open
	some wanted in wanteds
	_has_verb(_all, wanted)
	_names_any(_all, wanted)
}

_names_any(rule, wanted) if {
	some resources in wanted.resources
	count(rule.resources & resources) > 0
}

_names_any(rule, _) if "*" in rule.resources

_names_any(rule, wanted) if count(_prefixed(rule, wanted)) > 0

_all := {
	"verbs": {verb | some rule in input.attr.rules; some verb in rule.verbs},
	"resources": {resource | some rule in input.attr.rules; some resource in rule.resources},
}

_is_open if count(input.unknown) > 0

_is_open if count(input.partial) > 0

# idle_note ends the message about a grant that does nothing as it is.
idle_note(grant) := ", which has no effect while it is no ClusterRole" if grant.idle

idle_note(grant) := "" if not grant.idle

_word(resource) := "every resource" if resource == "*"

_word(resource) := resource if resource != "*"

_is_idle(hits) if {
	not input.attr.cluster_scoped
	every hit in hits {
		hit[1]
	}
} else := false

# The rules of the role as sets, because many powers are looked for in them.
_rules[i] := {
	"api_groups": {group | some group in rule.api_groups},
	"resources": {resource | some resource in rule.resources},
	"verbs": {verb | some verb in rule.verbs},
} if {
	some i, rule in input.attr.rules
}

# What is known is asked first, so that what is not is not asked for in vain.
_hits(i, rule, wanted) := hits if {
	every field in ["verbs", "api_groups", "resources"] {
		_may_fit(i, field, rule, wanted)
	}
	_has_verb(rule, wanted)
	hits := _found(rule, wanted)
} else := set()

_may_fit(i, field, _, _) if [i, field] in _open_fields

_may_fit(i, "verbs", rule, wanted) if {
	not [i, "verbs"] in _open_fields
	_has_verb(rule, wanted)
}

_may_fit(i, "api_groups", rule, wanted) if {
	not [i, "api_groups"] in _open_fields
	some group in object.keys(wanted.resources)
	_is_in(rule, group)
}

_may_fit(i, "resources", rule, wanted) if {
	not [i, "resources"] in _open_fields
	_names_any(rule, wanted)
}

_open_fields contains [i, field] if {
	some kind in ["unknown", "partial"]
	some path, _ in input[kind]
	some i, _ in input.attr.rules
	some field in ["verbs", "api_groups", "resources"]
	startswith(path, sprintf("rules[%d].%s", [i, field]))
}

_has_verb(_, wanted) if wanted.any_verb

_has_verb(rule, wanted) if count(rule.verbs & wanted.verbs) > 0

_has_verb(rule, wanted) if {
	wanted.verbs
	"*" in rule.verbs
}

_found(rule, wanted) := {resource |
	some group, resources in wanted.resources
	_is_in(rule, group)
	some resource in (((rule.resources & resources) | _wildcard(rule, wanted, group)) | _prefixed(rule, wanted))
}

_is_in(rule, group) if group in rule.api_groups

_is_in(rule, _) if "*" in rule.api_groups

_wildcard(rule, wanted, group) := {"*" |
	"*" in rule.resources
	_wildcard_counts(rule, wanted, group)
}

_wildcard_counts(rule, _, group) if group in rule.api_groups

_wildcard_counts(rule, wanted, _) if {
	wanted.special
	count(rule.verbs & wanted.verbs) > 0
}

_prefixed(rule, wanted) := {resource |
	some resource in rule.resources
	is_string(resource)
	startswith(resource, wanted.prefix)
}
