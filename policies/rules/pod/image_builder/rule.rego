# METADATA
# title: Docker in Docker or a privileged image builder
# description: >-
#   A daemon that runs containers inside a container needs nearly every right of the
#   node, and gives it to whoever may start a build: a Dockerfile is a root shell then.
# related_resources:
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
#   - description: BuildKit, rootless mode
#     ref: https://github.com/moby/buildkit/blob/master/docs/rootless.md
# custom:
#   id: PLM-POD-042
#   severity: high
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Build with rootless BuildKit, or with a service outside of the cluster such as AWS CodeBuild.
#     Kubernetes: image: moby/buildkit:v0.25.1-rootless
#     Terraform: image = "moby/buildkit:v0.25.1-rootless"
#   on: [workload]
#   reads:
#     - containers[*].command[*]
#     - containers[*].args[*]
#     - containers[*].effective.privileged
#   controls:
#     eks-bpg: [pod-security]
package plimsoll.rules.pod.image_builder

import data.plimsoll.lib.image
import data.plimsoll.lib.known
import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_is_dind(ref) if {
	regex.match(`(?:^|/)docker$`, image.repository(ref))
	contains(image.tag(ref), "dind")
}

_is_dind(ref) if regex.match(`(?:^|/)(?:docker-in-docker|[a-z0-9_-]*dind)$`, image.repository(ref))

_is_builder(ref) if {
	regex.match(`(?:^|/)buildkit$`, image.repository(ref))
	not _is_rootless(ref)
}

_is_rootless(ref) if endswith(image.tag(ref), "rootless")

deny contains result.at(sprintf("containers[%d].image", [i]), message) if {
	some i, container in input.attr.containers
	ref := container.image
	_is_dind(ref)
	message := sprintf("%s of %s runs Docker in Docker: %s", [pods.label(container, i), pods.subject, ref])
}

deny contains result.at(sprintf("containers[%d].image", [i]), message) if {
	some i, container in input.attr.containers
	input.attr.containers[i].effective.privileged == true
	ref := container.image
	_is_builder(ref)
	message := sprintf("%s of %s builds images with all rights of the node: %s", [pods.label(container, i), pods.subject, ref])
}

# An image that is not known yet matters where it has the rights for it.
deny contains result.as_unknown(result.at(path, message), known.words(input.unknown[path].reason)) if {
	some i, container in input.attr.containers
	input.attr.containers[i].effective.privileged == true
	path := sprintf("containers[%d].image", [i])
	message := sprintf("whether %s of %s builds images is not known", [pods.label(container, i), pods.subject])
}

deny contains result.at(path, message) if {
	some i, container in input.attr.containers
	input.attr.containers[i].effective.privileged == true
	some field in ["command", "args"]
	some j, text in pods.list(container[field])
	is_string(text)
	regex.match(`(?:^|[/\s;&|])(?:dockerd|dockerd-entrypoint\.sh|buildkitd)(?:$|[\s;&|])`, text)
	path := sprintf("containers[%d].%s[%d]", [i, field, j])
	message := sprintf("%s of %s runs a container daemon with all rights of the node", [pods.label(container, i), pods.subject])
}
