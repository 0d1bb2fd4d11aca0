# METADATA
# title: Aggregated role injects powerful verbs into built-in roles
# description: >-
#   The label adds the rules to admin, edit or view, for everybody who has one of these
#   in any namespace. Nothing in their bindings shows that the role has grown.
# related_resources:
#   - description: Kubernetes RBAC, aggregated ClusterRoles
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
#   - description: RBAC good practices
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   id: PLM-RBAC-020
#   severity: medium
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Narrow the rules that are aggregated to what the built-in role is for, and keep the others in a role that is bound by name.
#     Kubernetes: {apiGroups: [example.com], resources: [widgets], verbs: [get, list, watch]}
#     Terraform: verbs = ["get", "list", "watch"]
#   on: [rbac_role]
#   reads: [labels, "rules[*]"]
package plimsoll.rules.rbac.aggregated_powers

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_targets := [target |
	some target in ["admin", "edit", "view"]
	input.attr.labels[sprintf("rbac.authorization.k8s.io/aggregate-to-%s", [target])] == "true"
]

# What the rules rbac/all_permissions to rbac/change_admission report.
_powers := {
	"create_workloads": "creation of workloads",
	"delegate": "bind, escalate or impersonate",
	"enter_pods": "a way into running pods",
	"proxy_nodes": "the kubelet's API",
	"proxy_pods": "the proxies of pods and Services",
	"mint_tokens": "tokens of service accounts",
	"change_admission": "changes of admission control",
}

_reasons[grant.rule] contains phrase if {
	some power, phrase in _powers
	some grant in roles.granted[power]
}

_reasons[grant.rule] contains "all Secrets" if {
	some grant in roles.granted.read_secrets
	count(grant.names) == 0
}

_reasons[i] contains "a wildcard" if {
	some i, rule in input.attr.rules
	some field in ["verbs", "resources", "api_groups"]
	"*" in rule[field]
}

# Whoever may view changes nothing and sees no Secrets.
_reasons[i] contains "writing" if {
	"view" in _targets
	some i, rule in input.attr.rules
	some verb in rule.verbs
	is_string(verb)
	not verb in {"get", "list", "watch"}
}

_reasons[i] contains "Secrets" if {
	"view" in _targets
	some i, rule in input.attr.rules
	"secrets" in rule.resources
}

deny contains roles.judged(result.at(sprintf("rules[%d]", [i]), message)) if {
	count(_targets) > 0
	some i, reasons in _reasons
	message := sprintf("%s adds %s to the built-in roles %s", [
		roles.subject, concat(", ", sort(reasons)),
		concat(", ", _targets),
	])
}
