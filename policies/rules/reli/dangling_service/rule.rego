# METADATA
# title: Service selects no workload or a wrong port
# description: >-
#   Its callers get errors, and whoever next deploys a pod with the labels gets their traffic: names that
#   others trust should not lie about.
# related_resources:
#   - description: Service
#     ref: https://kubernetes.io/docs/concepts/services-networking/service/
#   - description: Debug Services
#     ref: https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/
# custom:
#   id: PLM-RELI-012
#   severity: low
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   remediation: |
#     Make the selector that of the pods, and targetPort the name or number of a port they declare. Delete
#     Services that nothing needs any more.
#     Kubernetes:
#       spec:
#         selector: {app: web}
#         ports: [{port: 80, targetPort: http}]
#     Terraform:
#       spec {
#         selector = { app = kubernetes_deployment_v1.web.spec[0].template[0].metadata[0].labels.app }
#         port {
#           port        = 80
#           target_port = "http"
#         }
#       }
#   on: [service]
#   controls: {}
#   aliases: [C-0293, C-0296]
package plimsoll.rules.reli.dangling_service

import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_open := object.get(object.get(input.stack.facts, "unknown", {}), "services_of", {})

_workloads_in[namespace] contains workload if {
	some workload in stack.documents("workload")
	namespace := workload.namespace
}

# Why a Service may select what it is not known to select.
_doubt(service) := min(reasons) if {
	reasons := {gap.reason |
		some id in ({service.id} | {w.id | some w in _workloads_in[service.namespace]})
		some gap in object.get(_open, id, [])
	} | {reason | reason := known.reason(service, "selector")}
}

# Where no workload of the namespace was read the pods may be anywhere.
deny contains _settled(service, result.on(service, "selector", message)) if {
	some service in stack.documents("service")
	_selects(service)
	_workloads_in[service.namespace]
	count(stack.backlinked("services_of", service.id)) == 0
	message := sprintf("Service %q selects no workload of namespace %q", [service.name, service.namespace])
}

deny contains result.on(service, sprintf("ports[%d].targetPort", [i]), message) if {
	some service in stack.documents("service")
	some i, port in service.attr.ports
	target := object.get(port, "targetPort", port.port)
	some workload in stack.backlinked("services_of", service.id)
	not _declares(workload, target)
	not _is_silent(workload, target)
	message := sprintf("%s %q, which Service %q selects, declares no port %v", [workload.attr.kind, workload.name, service.name, target])
}

_declares(workload, target) if {
	some container in workload.attr.containers
	some port in container.ports
	some field in ["name", "containerPort"]
	sprintf("%v", [port[field]]) == sprintf("%v", [target])
}

# A number may be served without being declared; containers that declare ports
# are taken to declare all. What is not known may be declared.
_is_silent(workload, target) if {
	regex.match(`^[0-9]+$`, sprintf("%v", [target]))
	count([port | some container in workload.attr.containers; some port in container.ports]) == 0
}

_is_silent(workload, _) if {
	some kind in ["unknown", "partial"]
	some path, _ in workload[kind]
	regex.match(`^containers(\[[0-9]+\](\.ports.*)?)?$`, path)
}

_selects(service) if count(service.attr.selector) > 0

_selects(service) if known.reason(service, "selector")

_settled(service, res) := result.as_unknown(res, known.words(_doubt(service)))

_settled(service, res) := res if not _doubt(service)
