# METADATA
# title: PodDisruptionBudget blocks every eviction
# description: >-
#   A node whose pods may not be evicted cannot be drained: updates of the nodes hang, or somebody forces
#   them. Where two budgets select one pod the API refuses every eviction, too; one that selects
#   nothing protects nobody.
# related_resources:
#   - description: Disruptions
#     ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
#   - description: Specifying a disruption budget
#     ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
#   - description: EKS Best Practices Guide, cluster upgrades
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/cluster-upgrades.html
# custom:
#   id: PLM-RELI-003
#   severity: medium
#   category: availability
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   remediation: |
#     Let one pod go at a time, run more replicas than the budget asks for, and let one budget only select each
#     pod.
#     Kubernetes: maxUnavailable: 1
#     Terraform: max_unavailable = "1"
#   on: [pod_disruption_budget]
#   controls:
#     eks-bpg: [upgrades]
#   aliases: []
package plimsoll.rules.reli.blocking_disruption_budget

import data.plimsoll.lib.disruption
import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.scaling
import data.plimsoll.lib.stack

deny contains result.on(budget, "max_unavailable", message) if {
	some budget in stack.documents("pod_disruption_budget")
	_number(budget.attr.max_unavailable, 100) == 0
	message := sprintf("PodDisruptionBudget %q allows no eviction: maxUnavailable is %v", [budget.name, budget.attr.max_unavailable])
}

deny contains result.on(budget, "min_available", message) if {
	some budget in stack.documents("pod_disruption_budget")
	least := budget.attr.min_available
	_pods(budget) > 0
	_number(least, _pods(budget)) >= _pods(budget)
	message := sprintf("PodDisruptionBudget %q allows no eviction: minAvailable is %v of %d pods", [budget.name, least, _pods(budget)])
}

# All of them, whatever their number.
deny contains result.on(budget, "min_available", message) if {
	some budget in stack.documents("pod_disruption_budget")
	is_string(budget.attr.min_available)
	endswith(budget.attr.min_available, "%")
	_number(budget.attr.min_available, 100) >= 100
	not _pods(budget) > 0
	message := sprintf("PodDisruptionBudget %q allows no eviction: minAvailable is %v", [budget.name, budget.attr.min_available])
}

deny contains result.with_related(result.on(budget, "selector", message), [result.place(other, "selector", "the other budget")]) if {
	some budget in stack.documents("pod_disruption_budget")
	some workload in disruption.chosen(budget)
	some other in disruption.budgets(workload)
	other.id != budget.id
	message := sprintf("PodDisruptionBudgets %q and %q both select %q, so that none of its pods can be evicted", [budget.name, other.name, workload.name])
}

deny contains result.with_severity(result.on(budget, "selector", message), "low") if {
	some budget in stack.documents("pod_disruption_budget")
	count(disruption.neighbors(budget)) > 0
	count(disruption.chosen(budget)) == 0
	not disruption.chosen_doubt(budget)
	message := sprintf("PodDisruptionBudget %q selects no workload", [budget.name])
}

deny contains result.as_unknown(result.on(budget, path, message), reason) if {
	some budget in stack.documents("pod_disruption_budget")
	some path in ["max_unavailable", "min_available"]
	reason := known.reason(budget, path)
	message := sprintf("whether PodDisruptionBudget %q allows evictions is not known before deployment", [budget.name])
}

deny contains result.as_unknown(result.on(budget, "min_available", message), reason) if {
	some budget in stack.documents("pod_disruption_budget")
	budget.attr.min_available
	some workload in disruption.chosen(budget)
	reason := scaling.doubt(workload)
	message := sprintf("whether PodDisruptionBudget %q allows evictions is not known: the replicas of %q are not", [budget.name, workload.name])
}

# The least number of pods of all workloads under the budget; undefined while
# one of them is not known.
_pods(budget) := sum(list) if {
	list := [scaling.replicas(workload) | some workload in disruption.chosen(budget)]
	count(list) == count(disruption.chosen(budget))
}

# A number, or a share of all, rounded up.
_number(value, _) := value if is_number(value)

_number(value, _) := to_number(value) if {
	is_string(value)
	regex.match(`^[0-9]+$`, value)
}

_number(value, all) := ceil((to_number(trim_suffix(value, "%")) * all) / 100) if {
	is_string(value)
	regex.match(`^[0-9]+%$`, value)
}
