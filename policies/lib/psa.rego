# METADATA
# title: Pod Security Admission
# description: What namespaces ask of their pods, for stack rules.
# related_resources:
#   - description: Pod Security Admission
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
package plimsoll.lib.psa

import data.plimsoll.lib.baseline
import data.plimsoll.lib.known
import data.plimsoll.lib.restricted
import data.plimsoll.lib.run

_modes := ["enforce", "warn", "audit"]

# label is the label of a mode.
label(mode) := sprintf("pod-security.kubernetes.io/%s", [mode])

# asked lists what a namespace asks for: [mode, level, version], without the modes
# that only repeat a stricter one. Nothing is asked at the level privileged.
asked(namespace) := {[mode, level, version] |
	some i, mode in _modes
	[level, version] := _levels(namespace)[mode]
	stricter := {_levels(namespace)[other] | some j, other in _modes; j < i}
	not [level, version] in stricter
}

_levels(namespace) := {mode: [level, version] |
	some mode in _modes
	level := namespace.attr.labels[label(mode)]
	level in {"baseline", "restricted"}
	version := _version(object.get(namespace.attr.labels, sprintf("%s-version", [label(mode)]), "latest"))
}

# The newest version there is, for the API server, is its own.
_version("latest") := run.kube_version

_version(text) := trim_prefix(text, "v") if {
	is_string(text)
	text != "latest"
}

# violations lists what a workload violates at a level, as [path, check, message].
violations(workload, "baseline", version) := _baseline(workload, "baseline", version)

violations(workload, "restricted", version) := _baseline(workload, "restricted", version) | _restricted(workload, version)

_baseline(workload, level, version) := {[violation.path, check, violation.message] |
	found := baseline.violations with input as workload
		with data.plimsoll.profile as sprintf("pss-%s", [level])
		with data.plimsoll.kube_version as version
	some check, set in found
	some violation in set
}

_restricted(workload, version) := {[violation.path, check, violation.message] |
	found := restricted.violations with input as workload
		with data.plimsoll.profile as "pss-restricted"
		with data.plimsoll.kube_version as version
	some check, set in found
	some violation in set
}

# certain keeps the violations that no value that is not known yet can mend.
certain(workload, found) := {[path, check, message] |
	some [path, check, message] in found
	not known.reason(workload, path)
}

# doubt is the first of the values that the checks read and nobody knows yet, as
# [path, reason]; it is undefined when they are all known.
doubt(workload) := min({[path, known.reason(workload, path)] |
	some kind in ["unknown", "partial"]
	some path, _ in workload[kind]
	regex.match(_read, path)
})

_read := `^(?:annotations(?:[.\[].*)?|host_(?:network|pid|ipc)|pod|pod\.(?:hostUsers|os|securityContext|volumes)\b.*|containers(?:\[[0-9]+\])?|containers\[[0-9]+\]\.(?:effective|lifecycle|livenessProbe|ports|readinessProbe|securityContext|startupProbe)\b.*)$`
