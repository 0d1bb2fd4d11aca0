# METADATA
# title: Image tag is missing or mutable
# description: >-
#   What runs is whatever the tag points at when a pod starts. Two replicas may
#   differ, and a push to the registry is a deployment that nobody reviewed.
# related_resources:
#   - description: Kubernetes images, image names and tags
#     ref: https://kubernetes.io/docs/concepts/containers/images/
#   - description: EKS best practices, image security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/image-security.html
# custom:
#   id: PLM-IMG-001
#   severity: medium
#   category: supply-chain
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Name a version that is never pushed again, or the image's digest.
#     Kubernetes: image: registry.example.com/shop/web:1.4.2
#     Terraform: image = "registry.example.com/shop/web:1.4.2"
#   on: [workload]
#   reads: ["containers[*].image", labels, annotations]
#   parameters:
#     - name: mutable_tags
#       type: list(string)
#       default: [latest, main, master, dev, stable, edge]
#       description: Tags that are moved by habit.
#   controls:
#     eks-bpg: [image-security]
#   aliases: [C-0075, CKV_K8S_14, KSV-0013]
package plimsoll.rules.img.mutable_tag

import data.plimsoll.lib.image
import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_params := data.plimsoll.params.img.mutable_tag

_problem(ref) := "no tag" if not image.tag(ref)

_problem(ref) := sprintf("the mutable tag %q", [image.tag(ref)]) if image.tag(ref) in _params.mutable_tags

deny contains result.at(sprintf("containers[%d].image", [i]), message) if {
	some i, container in input.attr.containers
	ref := container.image
	ref != ""
	not image.digest(ref)
	not image.is_injected(ref, input.attr)
	problem := _problem(ref)
	message := sprintf("image %s of %s has %s", [ref, pods.label(container, i), problem])
}
