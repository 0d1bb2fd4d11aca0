# METADATA
# title: Static credentials of a registry
# description: >-
#   A pull secret holds for as long as nobody changes it, for everybody who reads Secrets in the
#   namespace, and here it is kept with the configuration. Amazon ECR needs none: nodes pull with their
#   role.
# related_resources:
#   - description: Pull an image from a private registry
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
#   - description: Using Amazon ECR images with Amazon EKS
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html
# custom:
#   id: PLM-IMG-013
#   severity: low
#   category: secrets
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove imagePullSecrets for Amazon ECR and let the nodes' role pull. For other registries use a pull-through
#     cache, or let the External Secrets Operator make the Secret.
#     Kubernetes: image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/nginx:1.27.3
#     Terraform:
#       resource "aws_iam_role_policy_attachment" "pull" {
#         role       = aws_iam_role.node.name
#         policy_arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
#       }
#   on: [secret, workload]
#   reads: [type, encrypted_with, "containers[*].image", pod.imagePullSecrets]
#   controls:
#     eks-bpg: [image-security]
#   aliases: []
package plimsoll.rules.img.static_registry_credentials

import data.plimsoll.lib.image
import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at("type", message) if {
	input.attr.type in {"kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"}
	not input.attr.encrypted_with
	message := sprintf("Secret %q keeps credentials of a registry with the configuration", [input.name])
}

deny contains result.at("pod.imagePullSecrets", message) if {
	count(pods.list(input.attr.pod.imagePullSecrets)) > 0
	hosts := {split(image.full(container.image), "/")[0] |
		some container in input.attr.containers
		image.ecr_name(container.image)
	}
	count(hosts) > 0
	message := sprintf("%s pulls from %s with a stored credential; Amazon ECR needs none", [pods.subject, concat(", ", sort(hosts))])
}
