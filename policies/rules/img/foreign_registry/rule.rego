# METADATA
# title: Image comes from a registry that is not approved
# description: >-
#   Nobody here has scanned or signed it, and its owner may change or withdraw it. Images that are
#   mirrored to a registry of one's own are known, scanned and stay available.
# related_resources:
#   - description: EKS Best Practices Guide, image security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/image-security.html
#   - description: Pull-through cache rules
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
# custom:
#   id: PLM-IMG-003
#   severity: medium
#   category: supply-chain
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Mirror the image to Amazon ECR, by a pull-through cache or by the pipeline, and name it there. Registries
#     that you trust belong in the parameter allowed_registries.
#     Kubernetes: image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/nginx:1.27.3
#     Terraform:
#       resource "aws_ecr_pull_through_cache_rule" "docker_hub" {
#         ecr_repository_prefix = "docker-hub"
#         upstream_registry_url = "registry-1.docker.io"
#         credential_arn        = aws_secretsmanager_secret.docker_hub.arn
#       }
#   on: [workload]
#   reads: ["containers[*].image", labels, annotations]
#   parameters:
#     - name: allowed_registries
#       type: list(string)
#       default: ["*.dkr.ecr.*.amazonaws.com", public.ecr.aws/eks, "602401143452.dkr.ecr.*", registry.k8s.io]
#       description: Registries, or paths in them, that images may come from; * stands for any text but a slash.
#   controls:
#     cis-eks: ["5.1.4"]
#     eks-bpg: [image-security]
#   aliases: [C-0001, C-0078, KSV-0125]
package plimsoll.rules.img.foreign_registry

import data.plimsoll.lib.image
import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_params := data.plimsoll.params.img.foreign_registry

_is_allowed(ref) if {
	some pattern in _params.allowed_registries
	image.within(image.full(ref), pattern)
}

deny contains result.at(sprintf("containers[%d].image", [i]), message) if {
	some i, container in input.attr.containers
	ref := container.image
	ref != ""
	not image.is_injected(ref, input.attr)
	not _is_allowed(ref)
	message := sprintf("image %s of %s comes from %s, which is not among the approved registries", [ref, pods.label(container, i), _registry(ref)])
}

_registry(ref) := split(image.full(ref), "/")[0]
