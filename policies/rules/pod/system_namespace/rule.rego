# METADATA
# title: Application in a namespace of the system
# description: >-
#   Admission policies, quotas and Pod Security levels usually exempt these
#   namespaces, and whoever may change things in them holds the add-ons of the
#   cluster.
# related_resources:
#   - description: Namespaces, initial namespaces
#     ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces
# custom:
#   id: PLM-POD-030
#   severity: medium
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Move the workload into a namespace of its own.
#     Kubernetes: metadata: {namespace: shop}
#     Terraform: metadata { namespace = "shop" }
#   on: [workload]
#   reads: ["containers[*].image", annotations, labels]
#   parameters:
#     - name: system_workloads
#       type: list(string)
#       default: []
#       description: >-
#         Workloads that belong there, as namespace/name; an asterisk stands for any text. Known
#         add-ons need not be listed.
#   controls:
#     cis-eks: ["4.5.1"]
#   aliases: [C-0209, KSV-0037]
package plimsoll.rules.pod.system_namespace

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.system_namespace

_is_listed if {
	some pattern in _params.system_workloads
	glob.match(pattern, null, sprintf("%s/%s", [input.namespace, input.name]))
}

# A patch says nothing about what it is a patch of.
_has_image if {
	some container in input.attr.containers
	is_string(container.image)
}

deny contains result.at("metadata.namespace", message) if {
	input.namespace in {"kube-system", "kube-public", "kube-node-lease"}
	not system.is_known
	not _is_listed
	not pods.is_static
	_has_image
	message := sprintf("%s is in the namespace %s and no known add-on", [pods.subject, input.namespace])
}

deny contains result.as_unknown(result.at("metadata.namespace", message), "it is not known yet") if {
	not pods.has_known_namespace(input)
	message := sprintf("the namespace of %s is not known", [pods.subject])
}
