# METADATA
# title: Probe or handler goes to another host
# description: >-
#   The kubelet sends probes and lifecycle requests from the node. With a host of its
#   own such a request goes wherever the author of the pod wants: the kubelet becomes
#   a port scanner with the node's address.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: Configure liveness, readiness and startup probes
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
# custom:
#   id: PLM-POD-023
#   severity: low
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the host: the request goes to the pod then. A Host header names a virtual host.
#     Kubernetes: httpGet: {path: /healthz, port: 8080, httpHeaders: [{name: Host, value: web.example.com}]}
#     Terraform:
#       http_get {
#         path = "/healthz"
#         port = 8080
#         http_header {
#           name  = "Host"
#           value = "web.example.com"
#         }
#       }
#   on: [workload]
#   reads:
#     - containers[*].livenessProbe
#     - containers[*].readinessProbe
#     - containers[*].startupProbe
#     - containers[*].lifecycle
#   controls:
#     pss: [baseline/hostProbesAndHostLifecycle]
package plimsoll.rules.pod.foreign_probe

import data.plimsoll.lib.baseline
import data.plimsoll.lib.run
import data.plimsoll.lib.system

deny contains system.judge("PLM-POD-023", violation) if {
	not run.pss_level
	some violation in baseline.foreign_hosts
}

# Under a level as of its version; otherwise this says the same again.
deny contains system.judge("PLM-POD-023", violation) if some violation in baseline.violations.hostProbesAndHostLifecycle
