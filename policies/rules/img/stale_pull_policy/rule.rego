# METADATA
# title: Pull policy lets a stale or foreign image run
# description: >-
#   With IfNotPresent a node that has any image of that name runs it, whatever the tag points at now, and
#   with Never it does not even ask whether the pod may have the image. With Always the registry is asked
#   every time, for the image and for the right to pull it.
# related_resources:
#   - description: Image pull policy
#     ref: https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
#   - description: Admission plugin AlwaysPullImages
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#alwayspullimages
# custom:
#   id: PLM-IMG-005
#   severity: low
#   category: supply-chain
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name the image by digest, or pull it always.
#     Kubernetes: imagePullPolicy: Always
#     Terraform: image_pull_policy = "Always"
#   on: [workload]
#   needs: ["containers[*].imagePullPolicy"]
#   reads: ["containers[*].image", labels, annotations]
#   controls:
#     eks-bpg: [image-security]
#   aliases: [CKV_K8S_15]
package plimsoll.rules.img.stale_pull_policy

import data.plimsoll.lib.image
import data.plimsoll.lib.pods
import data.plimsoll.lib.result

# The API server's default: Always for latest and for no tag.
_policy(container) := object.get(container, "imagePullPolicy", _default(container.image))

_default(ref) := "IfNotPresent" if {
	image.tag(ref) != "latest"
} else := "Always"

_is_stale(policy, _) if policy == "Never"

_is_stale(policy, ref) if {
	policy == "IfNotPresent"
	image.moves(ref)
}

deny contains result.at(sprintf("containers[%d].imagePullPolicy", [i]), message) if {
	some i, container in input.attr.containers
	ref := container.image
	not image.digest(ref)
	not image.is_injected(ref, input.attr)
	policy := _policy(container)
	_is_stale(policy, ref)
	message := sprintf("the pull policy of %s is %s, and image %s may have changed", [pods.label(container, i), policy, ref])
}
