# METADATA
# title: Replicas of workloads
# description: >-
#   How many pods a workload has at least: an autoscaler's minimum counts, where
#   there is one. For stack rules.
package plimsoll.lib.scaling

import data.plimsoll.lib.known
import data.plimsoll.lib.stack

# scaled are the kinds whose pods stand for each other.
scaled := {"Deployment", "StatefulSet"}

# workloads lists the workloads of these kinds.
workloads := [workload | some workload in stack.documents("workload"); workload.attr.kind in scaled]

# replicas is the least number of pods; undefined while it is not known.
replicas(workload) := min(_minima(workload)) if count(_scalers_of(workload)) > 0

replicas(workload) := _own(workload) if count(_scalers_of(workload)) == 0

_own(workload) := workload.attr.replicas if is_number(workload.attr.replicas)

_own(workload) := to_number(workload.attr.replicas) if {
	is_string(workload.attr.replicas)
	regex.match(`^[0-9]+$`, workload.attr.replicas)
}

_own(workload) := 1 if {
	not workload.attr.replicas
	not known.reason(workload, "replicas")
}

# doubt says why replicas is not known.
doubt(workload) := min(reasons) if {
	reasons := {reason |
		some scaler in _scalers_of(workload)
		reason := known.reason(scaler, _minimum_at(scaler))
	}
} else := known.reason(workload, "replicas") if {
	count(_scalers_of(workload)) == 0
}

_minima(workload) := {minimum |
	some scaler in _scalers_of(workload)
	not known.reason(scaler, _minimum_at(scaler))
	minimum := object.get(scaler.raw.spec, _field(scaler), _fallback(scaler))
}

_scalers_of(workload) := object.get(_scalers, [[workload.namespace, workload.attr.kind, workload.name]], set())

_scalers[key] contains scaler if {
	some kind, ids in input.stack.by_kind
	regex.match(`^(autoscaling/[^/]+/HorizontalPodAutoscaler|keda\.sh/[^/]+/ScaledObject)$`, kind)
	some id in ids
	scaler := input.stack.documents[id]
	target := scaler.raw.spec.scaleTargetRef
	is_object(target)
	key := [scaler.namespace, object.get(target, "kind", "Deployment"), target.name]
}

_minimum_at(scaler) := sprintf("spec.%s", [_field(scaler)])

_field(scaler) := "minReplicaCount" if {
	startswith(scaler.kind, "keda.sh/")
} else := "minReplicas"

_fallback(scaler) := 0 if {
	startswith(scaler.kind, "keda.sh/")
} else := 1
