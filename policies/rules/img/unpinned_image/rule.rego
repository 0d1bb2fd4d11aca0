# METADATA
# title: Image is not pinned by digest
# description: >-
#   A tag can be pushed again, and then the next pod runs something else under the same name. Only a
#   digest names the image that was tested. Where Amazon ECR keeps tags from moving, and outside
#   production, this is a hint.
# related_resources:
#   - description: Kubernetes images
#     ref: https://kubernetes.io/docs/concepts/containers/images/
#   - description: EKS Best Practices Guide, image security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/image-security.html
# custom:
#   id: PLM-IMG-002
#   severity: low
#   category: supply-chain
#   since: 0.1.0
#   formats: [K, T]
#   scope: stack
#   remediation: |
#     Add the digest that the pipeline has built and tested.
#     Kubernetes: image: registry.example.com/shop/web:1.4.2@sha256:9f2c1d0e8b7a6f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c
#     Terraform: image = data.aws_ecr_image.web.image_uri # holds the digest
#   on: [workload]
#   parameters:
#     - name: require_digest_for
#       type: list(string)
#       default: [prod, production, "prod-*", "*-prod"]
#       description: Namespaces (with * for any text) in which a missing digest is more than a hint.
#   controls:
#     eks-bpg: [image-security]
#   aliases: [CKV_K8S_43, C-0306]
package plimsoll.rules.img.unpinned_image

import data.plimsoll.lib.ecr
import data.plimsoll.lib.image
import data.plimsoll.lib.known
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.img.unpinned_image

deny contains result.with_severity(result.on(workload, path, message), _severity(workload, ref)) if {
	some workload in stack.documents("workload")
	some i, container in workload.attr.containers
	ref := container.image
	ref != ""
	not image.digest(ref)
	not image.is_injected(ref, workload.attr)
	path := sprintf("containers[%d].image", [i])
	message := sprintf("image %s of %s has no digest", [ref, pods.label(container, i)])
}

deny contains result.as_unknown(result.with_severity(result.on(workload, path, message), _severity(workload, "")), reason) if {
	some workload in stack.documents("workload")
	some i, container in workload.attr.containers
	path := sprintf("containers[%d].image", [i])
	reason := known.reason(workload, path)
	not contains(object.get(workload.unknown, [path, "template"], ""), "@sha256:")
	message := sprintf("whether the image of %s has a digest is not known before deployment", [pods.label(container, i)])
}

_severity(workload, ref) := "low" if {
	_is_strict(workload.namespace)
	not _is_fixed(ref)
} else := "info"

_is_strict(namespace) if {
	some pattern in _params.require_digest_for
	glob.match(pattern, null, namespace)
}

# Every repository of the name keeps the tags of releases.
_is_fixed(ref) if {
	repositories := [r | some r in stack.documents("ecr_repository"); r.attr.name == image.ecr_name(ref)]
	count(repositories) > 0
	every repository in repositories {
		repository.attr.tag_mutability
		not ecr.mutability(repository.attr)
	}
}
