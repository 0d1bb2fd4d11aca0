# METADATA
# title: Namespace has no enforced Pod Security level
# description: >-
#   Without the label enforce the level is privileged: pods may do anything to the node
#   they run on.
# related_resources:
#   - description: Kubernetes, Pod Security admission
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-ADM-001
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Enforce restricted, or baseline where that breaks a workload.
#     Kubernetes: labels: {pod-security.kubernetes.io/enforce: restricted}
#     Terraform: labels = { "pod-security.kubernetes.io/enforce" = "restricted" }
#   on: [namespace, workload]
#   scope: stack
#   reads: [labels]
#   parameters:
#     - name: exempt_namespaces
#       type: list(string)
#       default: [kube-system, kube-public, kube-node-lease]
#       description: Namespaces that need no level; an asterisk stands for any text.
#     - name: min_level
#       type: string
#       default: baseline
#       description: The lowest level that will do, baseline or restricted.
#   controls:
#     cis-eks: ["4.2"]
#     eks-bpg: [pod-security]
#   aliases: [ensure_namespace_psa_exist, C-0192]
package plimsoll.rules.adm.no_pod_security

import data.plimsoll.lib.admission
import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.adm.no_pod_security

_key := admission.label("enforce")

_namespaces := [namespace |
	some namespace in stack.documents("namespace")
	not admission.listed(namespace.name, _params.exempt_namespaces)
]

# The provider for Terraform can label a namespace by a resource of its own.
_given_elsewhere[name] contains level if {
	some document in object.get(input.stack.by_kind, "kubernetes_labels", [])
	labels := input.stack.documents[document].raw
	labels.kind == "Namespace"
	level := labels.labels[_key]
	some metadata in labels.metadata
	name := metadata.name
}

_level(namespace) := level if {
	level := namespace.attr.labels[_key]
} else := max(_given_elsewhere[namespace.name])

# Policies that say the same as the baseline level, and deny.
_equivalents contains policy.id if {
	some policy in admission.of_kind("kyverno.io", {"ClusterPolicy"})
	some i, rule in policy.raw.spec.rules
	rule.validate.podSecurity
	admission.enforces(policy, i)
}

# Kyverno's chart of policies, which audits unless it is told otherwise.
_equivalents contains release.id if {
	some release in stack.documents("helm_release")
	endswith(release.attr.chart, "kyverno-policies")
	lower(release.attr.values.validationFailureAction) == "enforce"
	object.get(release.attr.values, "podSecurityStandard", "baseline") in {"baseline", "restricted"}
}

# Of libraries, what matters most is enough.
_libraries := [
	{policy.name: policy.id |
		some policy in admission.of_kind("kyverno.io", {"ClusterPolicy"})
		policy.name in {"disallow-privileged-containers", "disallow-host-namespaces"}
		admission.enforces(policy, 0)
	},
	{kind: min(ids) |
		some constraint in admission.of_kind("constraints.gatekeeper.sh", {"K8sPSPPrivilegedContainer", "K8sPSPHostNamespace"})
		kind := admission.last(constraint.kind)
		ids := {other.id |
			some other in admission.of_kind("constraints.gatekeeper.sh", {kind})
			admission.denies(other)
		}
	},
]

_equivalents contains id if {
	some library in _libraries
	count(library) == 2
	some _, id in library
}

_adjusted(res) := res if count(_equivalents) == 0

_adjusted(res) := result.with_related(result.with_severity(res, "info"), [place |
	some id in sort(_equivalents)
	place := result.place(input.stack.documents[id], "", "enforces the same")
]) if {
	count(_equivalents) > 0
}

_problem(namespace) := sprintf("namespace %q enforces no Pod Security level", [namespace.name]) if {
	not _level(namespace)
	not known.reason(namespace, admission.place("enforce"))
}

_problem(namespace) := sprintf("namespace %q enforces %s, which is no Pod Security level", [namespace.name, _level(namespace)]) if {
	not admission.rank(_level(namespace))
}

# An explicit privileged is adm/privileged_namespace's finding.
_problem(namespace) := sprintf("namespace %q enforces %s, which is below %s", [namespace.name, _level(namespace), _params.min_level]) if {
	_level(namespace) != "privileged"
	admission.rank(_level(namespace)) < admission.rank(_params.min_level)
}

deny contains _adjusted(result.on(namespace, admission.place("enforce"), _problem(namespace))) if {
	some namespace in _namespaces
}

deny contains result.as_unknown(result.on(namespace, admission.place("enforce"), message), reason) if {
	some namespace in _namespaces
	not _level(namespace)
	reason := known.reason(namespace, admission.place("enforce"))
	message := sprintf("whether namespace %q enforces a Pod Security level is not known", [namespace.name])
}

# Workloads live in namespaces that nobody declares here.
deny contains result.as_unknown(result.on(workload, "metadata.namespace", message), "the namespace is not in the input") if {
	some name, namespace in object.get(input.stack.facts, "namespaces", {})
	namespace.document == null
	not admission.listed(name, _params.exempt_namespaces)
	count(_equivalents) == 0
	workload := input.stack.documents[min(namespace.workloads)]
	message := sprintf("whether namespace %q enforces a Pod Security level is not known", [name])
}
