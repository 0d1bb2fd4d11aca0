# METADATA
# title: Image comes from a dead or frozen registry
# description: >-
#   Nothing is mended there any more, so that known holes stay open, and the registry may be switched
#   off any day.
# related_resources:
#   - description: k8s.gcr.io is frozen
#     ref: https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/
#   - description: Changes to the Bitnami catalog
#     ref: https://github.com/bitnami/containers/issues/83267
#   - description: EKS Best Practices Guide, image security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/image-security.html
# custom:
#   id: PLM-IMG-004
#   severity: medium
#   category: supply-chain
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Take the image from where it is maintained now: k8s.gcr.io moved to registry.k8s.io,
#     quay.io/coreos/prometheus-operator to quay.io/prometheus-operator, and for docker.io/bitnami there are
#     hardened or vendors' own images.
#     Kubernetes: image: registry.k8s.io/pause:3.10
#     Terraform: image = "registry.k8s.io/pause:3.10"
#   on: [workload]
#   reads: ["containers[*].image"]
#   parameters:
#     - name: eol_registries
#       type: list(string)
#       default:
#         - k8s.gcr.io
#         - gcr.io/google-containers
#         - gcr.io/google_containers
#         - docker.io/bitnamilegacy
#         - quay.io/coreos/configmap-reload
#         - quay.io/coreos/flannel
#         - quay.io/coreos/hyperkube
#         - quay.io/coreos/k8s-prometheus-adapter-amd64
#         - quay.io/coreos/kube-rbac-proxy
#         - quay.io/coreos/kube-state-metrics
#         - quay.io/coreos/prometheus-config-reloader
#         - quay.io/coreos/prometheus-operator
#       description: Registries, or paths in them, that get no updates; * stands for any text but a slash.
#   controls:
#     eks-bpg: [image-security]
#   aliases: []
package plimsoll.rules.img.dead_registry

import data.plimsoll.lib.image
import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_params := data.plimsoll.params.img.dead_registry

_dead(ref) := pattern if {
	matching := [p | some p in _params.eol_registries; image.within(image.full(ref), p)]
	pattern := matching[0]
}

# Bitnami has moved its versioned images to bitnamilegacy; only latest goes on.
_dead(ref) := "docker.io/bitnami with a version" if {
	image.within(image.full(ref), "docker.io/bitnami")
	image.tag(ref) != "latest"
}

deny contains result.at(sprintf("containers[%d].image", [i]), message) if {
	some i, container in input.attr.containers
	source := _dead(container.image)
	message := sprintf("image %s of %s comes from %s, which gets no updates", [container.image, pods.label(container, i), source])
}
