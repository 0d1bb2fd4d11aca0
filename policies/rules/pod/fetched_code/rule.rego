# METADATA
# title: Code is fetched when the container starts
# description: >-
#   What runs is not what was built and scanned, but what somebody else's server hands
#   out at that moment, to every replica anew. A git-sync that follows a branch, or
#   runs a command after each fetch, does so for as long as it lives.
# related_resources:
#   - description: EKS best practices, image security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/image-security.html
#   - description: git-sync
#     ref: https://github.com/kubernetes/git-sync
# custom:
#   id: PLM-POD-044
#   severity: medium
#   category: supply-chain
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Bake the code into the image; pin what git-sync fetches to a commit.
#     Kubernetes: args: [--ref=4f1d1c5e0a6e8f2f5c9b0d3b7a1e6c8d9f0a1b2c]
#     Terraform: args = ["--ref=4f1d1c5e0a6e8f2f5c9b0d3b7a1e6c8d9f0a1b2c"]
#   on: [workload]
#   needs: ["containers[*].args[*]", "containers[*].env[*]"]
#   reads: ["containers[*].command[*]", "containers[*].image"]
#   controls:
#     eks-bpg: [image-security]
#   aliases: [CKV_K8S_159]
package plimsoll.rules.pod.fetched_code

import data.plimsoll.lib.gitsync
import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_patterns := {
	"pipes a download into a shell": `(?:curl|wget)\b[^|;&\n]*\|\s*(?:sudo\s+)?(?:/(?:usr/)?bin/)?(?:ba|da|z|k)?sh\b`,
	"runs a download in a shell": `(?:\b(?:ba|da|z|k)?sh\b\s+(?:-\w+\s+)?["']?(?:\$\(|<\()|\beval\s+["']?\$\(|\bsource\s+<\()\s*(?:curl|wget)\b`,
	"installs packages": `(?:^|[\s;&|(/])(?:(?:pip[0-9.]*|pipx|conda)\s+install|(?:npm|pnpm)\s+(?:install|i|ci|add)|yarn\s+(?:install|add)|apk\s+(?:-\S+\s+)*add|(?:apt|apt-get|yum|dnf|microdnf)\s+(?:-\S+\s+)*install|gem\s+install|go\s+install\s+\S+@)(?:$|\b)`,
}

_is_local(text) if regex.match(`--no-index|--offline`, text)

# The programs of a container, word by word and as one line.
_lines(container) := object.union(
	{sprintf("%s[%d]", [field, j]): text | some field in ["command", "args"]; some j, text in pods.list(container[field]); is_string(text)},
	{field: concat(" ", words) |
		some field in ["command", "args"]
		words := [word | some word in container[field]; is_string(word)]
		every word in words {
			not contains(word, " ")
		}
	},
)

deny contains result.at(sprintf("containers[%d].%s", [i, place]), message) if {
	some i, container in input.attr.containers
	some place, text in _lines(container)
	some what, pattern in _patterns
	regex.match(pattern, text)
	not _is_local(text)
	message := sprintf("%s of %s %s when it starts", [pods.label(container, i), pods.subject, what])
}

deny contains result.at(sprintf("containers[%d].args", [i]), message) if {
	some i, container in input.attr.containers
	gitsync.runs_in(input.attr.containers[i])
	count(gitsync.revisions(container)) == 0
	message := sprintf("%s of %s follows a branch: it names no commit", [pods.label(container, i), pods.subject])
}

deny contains result.at(sprintf("containers[%d].%s", [i, place]), message) if {
	some i, container in input.attr.containers
	gitsync.runs_in(input.attr.containers[i])
	some [place, value] in gitsync.revisions(container)
	not gitsync.is_pinned(value)
	message := sprintf("%s of %s fetches %s, which can move", [pods.label(container, i), pods.subject, value])
}

deny contains result.at(sprintf("containers[%d].%s", [i, place]), message) if {
	some i, container in input.attr.containers
	gitsync.runs_in(input.attr.containers[i])
	some [place, value] in gitsync.hooks(container)
	not value in {"", null}
	message := sprintf("%s of %s runs %s after every fetch", [pods.label(container, i), pods.subject, value])
}
