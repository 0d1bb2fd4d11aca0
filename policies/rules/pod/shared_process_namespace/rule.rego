# METADATA
# title: Containers share their processes
# description: >-
#   Every container of the pod sees the processes of the others, can signal them, and
#   through /proc reads their environment and their files, tokens included.
# related_resources:
#   - description: Share process namespace between containers in a pod
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/
# custom:
#   id: PLM-POD-034
#   severity: low
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the setting; debug with an ephemeral container that targets one container.
#     Kubernetes: shareProcessNamespace: false
#     Terraform: share_process_namespace = false
#   on: [workload]
#   reads: [pod.shareProcessNamespace]
#   controls:
#     nsa: [pod-security]
package plimsoll.rules.pod.shared_process_namespace

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at("pod.shareProcessNamespace", message) if {
	input.attr.pod.shareProcessNamespace == true
	message := sprintf("the containers of %s see each other's processes", [pods.subject])
}
