# METADATA
# title: Readiness or liveness probe is missing
# description: >-
#   Without a readiness probe a Service sends traffic to pods that cannot answer: while they start, and
#   when they are stuck. Rolling updates then take the good pods away, too.
# related_resources:
#   - description: Liveness, readiness and startup probes
#     ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
#   - description: EKS Best Practices Guide, running highly available applications
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/application.html
# custom:
#   id: PLM-RELI-005
#   severity: low
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   remediation: |
#     Add a probe that answers only when the container can serve.
#     Kubernetes:
#       readinessProbe:
#         httpGet: {path: /ready, port: 8080}
#     Terraform:
#       readiness_probe {
#         http_get {
#           path = "/ready"
#           port = 8080
#         }
#       }
#   on: [workload]
#   controls:
#     eks-bpg: [reliability]
#   aliases: [CKV_K8S_8, CKV_K8S_9, C-0018, C-0056]
package plimsoll.rules.reli.no_probe

import data.plimsoll.lib.known
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_probes := {"readinessProbe": "low", "livenessProbe": "info"}

deny contains result.with_severity(res, severity) if {
	some workload in stack.documents("workload")
	services := stack.linked("services_of", workload.id)
	some i, container in workload.attr.containers
	container.class == "container"
	some probe, severity in _probes
	not container[probe]
	path := sprintf("containers[%d].%s", [i, probe])
	message := sprintf("%s, which Service %q sends traffic to, has no %s", [pods.label(container, i), services[0].name, probe])
	res := _settled(workload, path, result.on(workload, path, message))
}

_settled(workload, path, res) := result.as_unknown(res, known.reason(workload, path))

_settled(workload, path, res) := res if not known.reason(workload, path)
