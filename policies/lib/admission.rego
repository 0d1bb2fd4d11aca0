# METADATA
# title: Admission control
# description: >-
#   Levels of Pod Security admission, what webhooks are called for, and what Kyverno and
#   Gatekeeper enforce.
# related_resources:
#   - description: Kubernetes, Pod Security admission
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
package plimsoll.lib.admission

import data.plimsoll.lib.paths
import data.plimsoll.lib.selectors

# label is the key of a label of Pod Security admission: enforce, enforce-version,
# audit, warn.
label(name) := sprintf("pod-security.kubernetes.io/%s", [name])

# place is the path of such a label in a namespace.
place(name) := paths.key("labels", label(name))

# rank orders the levels; it is undefined for other words.
rank(level) := {"privileged": 0, "baseline": 1, "restricted": 2}[level]

# listed tells that a name matches one of some patterns.
listed(name, patterns) if {
	is_string(name)
	some pattern in patterns
	glob.match(pattern, null, name)
}

# setting is a field of an object, or fallback; of what is no object too.
setting(thing, field, fallback) := value if {
	value := thing[field]
} else := fallback

# is_beta tells that an object of the admission API is of v1beta1, which has other
# defaults than v1.
is_beta(kind) if startswith(kind, "admissionregistration.k8s.io/v1beta1/")

# spares_kube_system tells that a webhook is not called for what is in kube-system.
spares_kube_system(webhook) if {
	is_object(webhook.namespaceSelector)
	not selectors.matches(webhook.namespaceSelector, {"kubernetes.io/metadata.name": "kube-system"})
}

# Objects there have no label in common, so that any that is demanded spares some
# of those that matter.
spares_kube_system(webhook) if {
	is_object(webhook.objectSelector)
	not selectors.matches(webhook.objectSelector, {})
}

spares_kube_system(webhook) if {
	some condition in webhook.matchConditions
	is_string(condition.expression)
	contains(condition.expression, "kube-system")
}

# enforces tells that rule i of a Kyverno policy denies what breaks it.
enforces(policy, i) if {
	is_string(action(policy, i))
	lower(action(policy, i)) == "enforce"
}

# action is what rule i of a Kyverno policy does: its own action, or the policy's,
# or Audit.
action(policy, i) := found if {
	found := policy.raw.spec.rules[i].validate.failureAction
} else := object.get(policy.raw, ["spec", "validationFailureAction"], "Audit")

# denies tells that a Gatekeeper constraint denies at admission.
denies(constraint) if object.get(constraint.raw, ["spec", "enforcementAction"], "deny") == "deny"

denies(constraint) if {
	constraint.raw.spec.enforcementAction == "scoped"
	some scoped in constraint.raw.spec.scopedEnforcementActions
	scoped.action == "deny"
	some point in scoped.enforcementPoints
	point.name in {"*", "validation.gatekeeper.sh", "vap.k8s.io"}
}

# of_kind lists the documents of the stack whose raw kind is of an API group and
# one of some kinds, or of any if none is given.
of_kind(group, kinds) := [input.stack.documents[id] |
	some kind, ids in input.stack.by_kind
	startswith(kind, sprintf("%s/", [group]))
	_is_one(last(kind), kinds)
	some id in ids
]

_is_one(_, kinds) if count(kinds) == 0

_is_one(name, kinds) if name in kinds

# last is the name of a raw kind: v1/Pod is a Pod.
last(kind) := parts[count(parts) - 1] if parts := split(kind, "/")
