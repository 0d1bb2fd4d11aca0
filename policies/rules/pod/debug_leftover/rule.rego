# METADATA
# title: Debugging leftovers
# description: >-
#   Ephemeral containers, terminals and shells that sleep are tools of a debugging
#   session. In a committed manifest they stay: an open door that nobody looks after.
# related_resources:
#   - description: Ephemeral containers
#     ref: https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/
#   - description: Debug running pods
#     ref: https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/
# custom:
#   id: PLM-POD-043
#   severity: low
#   category: access
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove it; kubectl debug adds what is needed for as long as it is needed.
#     Kubernetes: stdin: false
#     Terraform: stdin = false
#   on: [workload]
#   reads:
#     - kind
#     - containers[*].stdin
#     - containers[*].tty
#     - containers[*].command[*]
#     - containers[*].args[*]
#     - containers[*].image
#     - containers[*].restartPolicy
#   controls:
#     nsa: [pod-security]
package plimsoll.rules.pod.debug_leftover

import data.plimsoll.lib.image
import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_judged if not input.attr.kind in {"Job", "CronJob"}

deny contains result.at(sprintf("containers[%d]", [i]), message) if {
	_judged
	some i, container in input.attr.containers
	container.class == "ephemeral"
	message := sprintf("%s has the ephemeral %s", [pods.subject, pods.label(container, i)])
}

deny contains result.at(sprintf("containers[%d].tty", [i]), message) if {
	_judged
	some i, container in input.attr.containers
	input.attr.containers[i].stdin == true
	input.attr.containers[i].tty == true
	message := sprintf("%s of %s waits at a terminal", [pods.label(container, i), pods.subject])
}

_idle := `(?:^|[\s;&|/])sleep\s+(?:infinity|inf|[0-9]{5,}|[0-9]+d)\b|(?:^|[\s;&|/])tail\s+-f\s+/dev/null|while\s+(?:true|:)\s*;\s*do\s+sleep`

_shells := `(?:^|/)(?:alpine|amazonlinux|bash|busybox|centos|debian|dnsutils|fedora|kali-rolling|netshoot|rockylinux|toolbox|ubuntu|utils)$|(?:^|/)curl(?:images/curl)?$`

# The words of command and args, with the place where each list begins.
_words(container) := concat(" ", [word |
	some field in ["command", "args"]
	some word in container[field]
	is_string(word)
])

_field(container) := "args" if {
	some word in container.args
	regex.match(`sleep|tail|infinity`, word)
} else := "command"

_stays(container) if container.class == "container"

# A sidecar, which the pod does not wait for.
_stays(container) if container.restartPolicy == "Always"

deny contains result.at(sprintf("containers[%d].%s", [i, _field(container)]), message) if {
	_judged
	some i, container in input.attr.containers
	_stays(container)
	ref := input.attr.containers[i].image
	regex.match(_shells, image.repository(ref))
	regex.match(_idle, _words(container))
	message := sprintf("%s of %s is a shell that sleeps", [pods.label(container, i), pods.subject])
}
