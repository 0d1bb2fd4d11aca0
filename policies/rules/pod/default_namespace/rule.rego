# METADATA
# title: Workload is in the default namespace
# description: >-
#   Nobody owns the namespace default: it gets everything that was applied without
#   thinking, and so no quota, no policy and no Pod Security level can fit it.
# related_resources:
#   - description: Namespaces
#     ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
# custom:
#   id: PLM-POD-029
#   severity: low
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name a namespace of the application's own.
#     Kubernetes: metadata: {namespace: shop}
#     Terraform: metadata { namespace = "shop" }
#   on: [workload]
#   controls:
#     cis-eks: ["4.5.2"]
#   aliases: [C-0061, C-0212, CKV_K8S_21, KSV-0110]
package plimsoll.rules.pod.default_namespace

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at("metadata.namespace", sprintf("%s is in the namespace default", [pods.subject])) if {
	input.namespace == "default"
	not pods.is_of_release(input)
}

deny contains result.as_unknown(result.at("metadata.namespace", message), "only the release's command names its namespace") if {
	pods.is_of_release(input)
	message := sprintf("the namespace of %s is that of the release", [pods.subject])
}

deny contains result.as_unknown(result.at("metadata.namespace", message), "it is not known yet") if {
	not pods.has_known_namespace(input)
	message := sprintf("the namespace of %s is not known", [pods.subject])
}
