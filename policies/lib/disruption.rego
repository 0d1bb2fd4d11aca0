# METADATA
# title: PodDisruptionBudgets
# description: Which budgets select which workloads, for stack rules.
package plimsoll.lib.disruption

import data.plimsoll.lib.known
import data.plimsoll.lib.selectors
import data.plimsoll.lib.stack

_in_namespace[namespace] contains budget if {
	some budget in stack.documents("pod_disruption_budget")
	namespace := budget.namespace
}

_workloads_in[namespace] contains workload if {
	some workload in stack.documents("workload")
	namespace := workload.namespace
}

# budgets lists the budgets that select a workload's pods.
budgets(workload) := {budget |
	some budget in object.get(_in_namespace, workload.namespace, set())
	_selects(budget, workload)
}

# chosen lists the workloads that a budget selects.
chosen(budget) := {workload |
	some workload in neighbors(budget)
	_selects(budget, workload)
}

# What is not known of a selector is not in it, and an empty one selects everything.
_selects(budget, workload) if {
	not known.reason(budget, "selector")
	selectors.matches(budget.attr.selector, object.get(workload.attr, "labels", {}))
}

# neighbors lists the workloads of a document's namespace.
neighbors(document) := object.get(_workloads_in, document.namespace, set())

# budgets_doubt says why a budget may select a workload although none is known
# to.
budgets_doubt(workload) := min(reasons) if {
	reasons := {reason |
		some budget in object.get(_in_namespace, workload.namespace, set())
		some reason in _reasons(budget, workload)
	}
}

# chosen_doubt says why a budget may select a workload although it is not known
# to.
chosen_doubt(budget) := min(reasons) if {
	reasons := {reason |
		some workload in neighbors(budget)
		some reason in _reasons(budget, workload)
	} | {reason |
		reason := known.reason(budget, "selector")
	}
}

_reasons(budget, workload) := {reason |
	reason := known.reason(budget, "selector")
} | {reason |
	reason := known.reason(workload, "labels")
}
