# METADATA
# title: Pod has no user namespace
# description: >-
#   With hostUsers: false root in the container is nobody on the node, so that a way
#   out of the container leads to no rights there. Kubernetes has it on by default
#   from 1.33.
# related_resources:
#   - description: User namespaces
#     ref: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
# custom:
#   id: PLM-POD-037
#   severity: info
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Give the pod a user namespace, on nodes with a kernel and a runtime that can. In Terraform only
#     kubernetes_manifest can set it.
#     Kubernetes: hostUsers: false
#     Terraform: manifest = { spec = { template = { spec = { hostUsers = false } } } }
#   on: [workload]
#   needs: [pod.hostUsers, host_network, host_pid, host_ipc, os]
#   controls:
#     nsa: [pod-security]
#   profiles: [strict]
package plimsoll.rules.pod.no_user_namespace

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.run

# Pods in a namespace of the host cannot have one.
_is_host_bound if {
	some field in ["host_network", "host_pid", "host_ipc"]
	input.attr[field] == true
}

deny contains result.at("pod.hostUsers", message) if {
	run.is_since([1, 33])
	not pods.is_windows
	not _is_host_bound
	not input.attr.pod.hostUsers == false
	message := sprintf("%s shares the users of its node", [pods.subject])
}
