# METADATA
# title: Host port is bound
# description: >-
#   The container answers on a port of its node, at every address the node has:
#   around Services, and around the network policies of those who select pods.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: Configuration best practices
#     ref: https://kubernetes.io/docs/concepts/configuration/overview/
# custom:
#   id: PLM-POD-011
#   severity: medium
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the host port and expose the container through a Service.
#     Kubernetes: ports: [{containerPort: 8080}]
#     Terraform: port { container_port = 8080 }
#   on: [workload]
#   reads: ["containers[*].ports[*].hostPort"]
#   parameters:
#     - name: allowed_host_ports
#       type: list(int)
#       default: []
#       description: Host ports that may be bound.
#   controls:
#     pss: [baseline/hostPorts]
#   aliases: [C-0044, CKV_K8S_26]
package plimsoll.rules.pod.host_port

import data.plimsoll.lib.baseline
import data.plimsoll.lib.run
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.host_port

_is_allowed(port) if {
	not run.pss_level
	port in {sprintf("%v", [allowed]) | some allowed in _params.allowed_host_ports}
}

deny contains system.judge("PLM-POD-011", violation) if {
	some violation in baseline.violations.hostPorts
	not _is_allowed(violation.value)
}
