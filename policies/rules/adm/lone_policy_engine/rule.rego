# METADATA
# title: Policy engine runs as a single replica or unprotected
# description: >-
#   While its only pod moves, or all of them leave with one node, a webhook that fails closed
#   stops every change, and one that fails open lets everything pass.
# related_resources:
#   - description: Kyverno, high availability
#     ref: https://kyverno.io/docs/high-availability/
#   - description: Kubernetes, disruptions
#     ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
# custom:
#   id: PLM-ADM-016
#   severity: low
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Run three replicas, spread them over nodes and zones, and keep them by a PodDisruptionBudget.
#     Kubernetes: {replicas: 3, topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: kyverno}}}]}
#     Terraform:
#       resource "helm_release" "kyverno" {
#         name       = "kyverno"
#         namespace  = "kyverno"
#         repository = "https://kyverno.github.io/kyverno/"
#         chart      = "kyverno"
#         values = [yamlencode({
#           admissionController = { replicas = 3, podDisruptionBudget = { enabled = true, minAvailable = 1 } }
#         })]
#       }
#   on: [workload]
#   scope: stack
#   reads: [replicas]
#   parameters:
#     - name: min_replicas
#       type: int
#       default: 2
#       description: How many replicas will do.
#   controls:
#     eks-bpg: [reliability]
package plimsoll.rules.adm.lone_policy_engine

import data.plimsoll.lib.admission
import data.plimsoll.lib.disruption
import data.plimsoll.lib.known
import data.plimsoll.lib.result

_params := data.plimsoll.params.adm.lone_policy_engine

# Deployments that answer for an engine at admission. Gatekeeper's audit is one of
# the same image that does not.
_engines contains {"workload": workload, "name": sign.name} if {
	some sign in object.get(input.stack.facts, "policy_engines", [])
	workload := input.stack.documents[sign.document]
	workload.attr.kind == "Deployment"
	not _only_audits(workload)
}

_only_audits(workload) if {
	some container in workload.attr.containers
	"--operation=audit" in container.args
	not "--operation=webhook" in container.args
}

# An autoscaler decides when there is one.
_replicas(workload) := least if {
	least := min(_scaled(workload))
} else := object.get(workload.attr, "replicas", 1)

_scaled(workload) := [object.get(scaler.raw.spec, "minReplicas", 1) |
	some scaler in admission.of_kind("autoscaling", {"HorizontalPodAutoscaler"})
	scaler.namespace == workload.namespace
	scaler.raw.spec.scaleTargetRef.kind == "Deployment"
	scaler.raw.spec.scaleTargetRef.name == workload.name
]

_is_spread(workload) if some _ in workload.attr.pod.topologySpreadConstraints

_is_spread(workload) if workload.attr.pod.affinity.podAntiAffinity

_budget_doubt(workload) := disruption.budgets_doubt(workload) if count(disruption.budgets(workload)) == 0

_spread_doubt(workload) := known.reason(workload, "pod.topologySpreadConstraints") if not _is_spread(workload)

_is_lone(workload) if _replicas(workload) < _params.min_replicas

_replica_words(1) := "1 replica"

_replica_words(n) := sprintf("%v replicas", [n]) if n != 1

_problems(workload) := array.concat(
	[_replica_words(_replicas(workload)) | _is_lone(workload)],
	array.concat(
		["no PodDisruptionBudget" | count(disruption.budgets(workload)) == 0; not _budget_doubt(workload)],
		["nothing that spreads its pods" | not _is_spread(workload); not _spread_doubt(workload)],
	),
)

_place(workload) := "replicas" if _is_lone(workload)

_place(workload) := "pod" if not _is_lone(workload)

deny contains result.on(engine.workload, _place(engine.workload), message) if {
	some engine in _engines
	_is_settled(engine.workload)
	problems := _problems(engine.workload)
	count(problems) > 0
	message := sprintf("%s runs as Deployment %q with %s", [engine.name, engine.workload.name, concat(", ", problems)])
}

_is_settled(workload) if count(_scaled(workload)) > 0

_is_settled(workload) if not known.reason(workload, "replicas")

deny contains result.as_unknown(result.on(engine.workload, "replicas", message), known.reason(engine.workload, "replicas")) if {
	some engine in _engines
	not _is_settled(engine.workload)
	message := sprintf("how many replicas of %s run as Deployment %q is not known", [engine.name, engine.workload.name])
}

# The rest is as it should be, as far as it is known.
deny contains result.as_unknown(result.on(engine.workload, "pod", message), min(doubts)) if {
	some engine in _engines
	_is_settled(engine.workload)
	count(_problems(engine.workload)) == 0
	doubts := {doubt | doubt := _budget_doubt(engine.workload)} | {doubt | doubt := _spread_doubt(engine.workload)}
	message := sprintf("whether Deployment %q of %s stays up while nodes are drained is not known", [engine.workload.name, engine.name])
}
