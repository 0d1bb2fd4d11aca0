# METADATA
# title: Pod Security version floats, or audit and warn are missing
# description: >-
#   Without a version the level means something else after every upgrade. Audit and warn
#   show what would break before it does, in the audit log and to whoever applies a
#   Deployment, which enforce does not judge.
# related_resources:
#   - description: Kubernetes, Pod Security admission labels for namespaces
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
#   - description: EKS best practices, pod security, multiple modes
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-ADM-004
#   severity: info
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Pin the version to that of the cluster, and add audit and warn at the next level.
#     Kubernetes: labels: {pod-security.kubernetes.io/enforce-version: v1.35, pod-security.kubernetes.io/audit: restricted, pod-security.kubernetes.io/warn: restricted}
#     Terraform: labels = { "pod-security.kubernetes.io/enforce-version" = "v1.35", "pod-security.kubernetes.io/audit" = "restricted", "pod-security.kubernetes.io/warn" = "restricted" }
#   on: [namespace]
#   scope: stack
#   reads: [labels]
#   controls:
#     eks-bpg: [pod-security]
package plimsoll.rules.adm.floating_pod_security

import data.plimsoll.lib.admission
import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack
import data.plimsoll.lib.versions

_value(namespace, name) := namespace.attr.labels[admission.label(name)]

_is_open(namespace, name) if known.reason(namespace, admission.place(name))

# Namespaces that enforce some level; those without are adm/no_pod_security's.
_namespaces := [namespace |
	some namespace in stack.documents("namespace")
	_value(namespace, "enforce")
]

_found(namespace, name, message) := result.on(namespace, admission.place(name), message)

_floats(namespace) if {
	not _value(namespace, "enforce-version")
	not _is_open(namespace, "enforce-version")
}

_floats(namespace) if _value(namespace, "enforce-version") == "latest"

deny contains _found(namespace, "enforce-version", message) if {
	some namespace in _namespaces
	_floats(namespace)
	message := sprintf("namespace %q enforces whatever its level means in the latest version", [namespace.name])
}

# How many minor versions a pinned one may be behind the cluster.
_behind := 3

deny contains _found(namespace, "enforce-version", message) if {
	some namespace in _namespaces
	pinned := _value(namespace, "enforce-version")
	some cluster in stack.linked("cluster_of", namespace.id)
	[major, minor] := versions.minor(cluster.attr.version)
	versions.minor(pinned) < [major, minor - _behind]
	message := sprintf("namespace %q enforces its level as of %s, and the cluster runs %s", [namespace.name, pinned, cluster.attr.version])
}

_missing(namespace) := [mode |
	some mode in ["audit", "warn"]
	not _value(namespace, mode)
	not _is_open(namespace, mode)
]

deny contains _found(namespace, _missing(namespace)[0], message) if {
	some namespace in _namespaces
	message := sprintf("namespace %q has no level for %s", [namespace.name, concat(" and ", _missing(namespace))])
}

# Whether it enforces anything at all.
deny contains result.as_unknown(_found(namespace, "enforce", message), reason) if {
	some namespace in stack.documents("namespace")
	not _value(namespace, "enforce")
	reason := known.reason(namespace, admission.place("enforce"))
	message := sprintf("whether namespace %q pins the version of its level is not known", [namespace.name])
}

deny contains result.as_unknown(_found(namespace, name, message), reason) if {
	some namespace in _namespaces
	some name in ["enforce-version", "audit", "warn"]
	not _value(namespace, name)
	reason := known.reason(namespace, admission.place(name))
	message := sprintf("whether namespace %q has a label %s that will do is not known", [namespace.name, name])
}
