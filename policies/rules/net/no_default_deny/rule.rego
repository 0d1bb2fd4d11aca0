# METADATA
# title: Namespace has no default-deny ingress policy
# description: >-
#   Where no policy denies by default, any pod of the cluster can call any pod of this
#   namespace.
# related_resources:
#   - description: Network policies, default deny
#     ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
#   - description: EKS Best Practices Guide, network security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html
# custom:
#   id: PLM-NET-016
#   severity: medium
#   category: segmentation
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   on: [workload]
#   remediation: >-
#     Add a NetworkPolicy with an empty podSelector, policyTypes [Ingress] and no ingress rules to the
#     namespace, then allow what is needed policy by policy.
#   parameters:
#     - name: exempt_namespaces
#       type: list(string)
#       default: [kube-system, kube-public, kube-node-lease]
#       description: Namespaces that need no policy.
#   controls:
#     cis-eks: ["4.3.2"]
#     nsa: [network-separation]
#     eks-bpg: [network]
#   aliases: [C-0206, C-0260]
package plimsoll.rules.net.no_default_deny

import data.plimsoll.lib.result

_params := data.plimsoll.params.net.no_default_deny

deny contains res if {
	some name, namespace in _open_to_all
	count(_gaps(namespace)) == 0
	place := _place(namespace)
	message := sprintf("namespace %q has workloads and no policy that denies ingress by default", [name])
	res := result.on(input.stack.documents[place.document], place.path, message)
}

deny contains res if {
	some name, namespace in _open_to_all
	gaps := _gaps(namespace)
	count(gaps) > 0
	place := _place(namespace)
	message := sprintf("whether a policy denies ingress by default in namespace %q is not known before deployment", [name])
	related := [result.place(input.stack.documents[gap.document], gap.path, "this policy may do it") | some gap in gaps]
	res := result.as_unknown(result.with_related(result.on(input.stack.documents[place.document], place.path, message), related), gaps[0].reason)
}

_open_to_all[name] := namespace if {
	some name, namespace in input.stack.facts.namespaces
	not name in _params.exempt_namespaces
	count(namespace.workloads) > 0
	not namespace.default_deny_ingress
}

# What is not known of the namespace's policies and decides whether one is a
# default. A policy that selects by a label or allows somebody in is none, whoever
# that turns out to be.
_gaps(namespace) := [gap |
	some gap in namespace.unknown
	not regex.match(`^(egress|ingress\[|pod_selector\.\w+[.\[])`, gap.path)
]

# The namespace's own manifest where there is one, else its first workload.
_place(namespace) := {"document": namespace.document, "path": "name"} if namespace.document != null

_place(namespace) := {"document": namespace.workloads[0], "path": "metadata.namespace"} if {
	object.get(namespace, "document", null) == null
}
