# METADATA
# title: SSH server or sudo in the container
# description: >-
#   A shell server is a second way in, past the API server's authentication and its
#   audit log; sudo is a way up, and works only where privilege escalation is left on.
# related_resources:
#   - description: Get a shell to a running container
#     ref: https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/
# custom:
#   id: PLM-POD-038
#   severity: low
#   category: access
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove sshd and sudo; use kubectl exec or kubectl debug, which the cluster authorizes and logs.
#     Kubernetes: command: [/app/server]
#     Terraform: command = ["/app/server"]
#   on: [workload]
#   reads:
#     - containers[*].ports[*].containerPort
#     - containers[*].command[*]
#     - containers[*].args[*]
#   aliases: [C-0042, C-0062]
package plimsoll.rules.pod.ssh_server

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at(path, message) if {
	some i, container in input.attr.containers
	some j, _ in pods.list(container.ports)
	input.attr.containers[i].ports[j].containerPort == 22
	path := sprintf("containers[%d].ports[%d].containerPort", [i, j])
	message := sprintf("%s of %s listens on the SSH port", [pods.label(container, i), pods.subject])
}

_programs := {
	"an SSH server": `(?:^|[/\s;&|("'])sshd(?:$|[\s;&|)"'])`,
	"sudo": `(?:^|[/\s;&|("'])sudo(?:$|\s)`,
}

deny contains result.at(path, message) if {
	some i, container in input.attr.containers
	some field in ["command", "args"]
	some j, text in pods.list(container[field])
	is_string(text)
	some program, pattern in _programs
	regex.match(pattern, text)
	path := sprintf("containers[%d].%s[%d]", [i, field, j])
	message := sprintf("%s of %s runs %s", [pods.label(container, i), pods.subject, program])
}
