# METADATA
# title: Manifest uses an API that the cluster no longer has
# description: >-
#   The API server refuses such a manifest. In the middle of an upgrade that is a failed deployment, and
#   where the object was a policy, a budget or a webhook, its protection is gone.
# related_resources:
#   - description: Deprecated API migration guide
#     ref: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
#   - description: EKS Best Practices Guide, cluster upgrades
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/cluster-upgrades.html
# custom:
#   id: PLM-RELI-008
#   severity: high
#   category: upgrades
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   remediation: |
#     Write the object in the version that replaces the old one: policy/v1 for a PodDisruptionBudget,
#     autoscaling/v2 for a HorizontalPodAutoscaler, networking.k8s.io/v1 for an Ingress. kubectl convert -f FILE
#     --output-version GROUP/VERSION does most of it. Until then keep the version of the cluster below the one
#     that has removed it.
#     Kubernetes: {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}
#     Terraform:
#       resource "kubernetes_pod_disruption_budget_v1" "web" {
#         metadata { name = "web" }
#         spec {
#           max_unavailable = "1"
#           selector { match_labels = { app = "web" } }
#         }
#       }
#     CloudFormation: Manifest: '[{"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}}}]'
#     eksctl: metadata: {name: main, region: eu-west-1, version: "1.34"}
#   on:
#     - extensions/v1beta1/DaemonSet
#     - extensions/v1beta1/Deployment
#     - extensions/v1beta1/ReplicaSet
#     - extensions/v1beta1/NetworkPolicy
#     - extensions/v1beta1/PodSecurityPolicy
#     - apps/v1beta1/Deployment
#     - apps/v1beta1/StatefulSet
#     - apps/v1beta2/DaemonSet
#     - apps/v1beta2/Deployment
#     - apps/v1beta2/ReplicaSet
#     - apps/v1beta2/StatefulSet
#     - admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration
#     - admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration
#     - apiextensions.k8s.io/v1beta1/CustomResourceDefinition
#     - apiregistration.k8s.io/v1beta1/APIService
#     - certificates.k8s.io/v1beta1/CertificateSigningRequest
#     - coordination.k8s.io/v1beta1/Lease
#     - extensions/v1beta1/Ingress
#     - networking.k8s.io/v1beta1/Ingress
#     - networking.k8s.io/v1beta1/IngressClass
#     - rbac.authorization.k8s.io/v1beta1/ClusterRole
#     - rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding
#     - rbac.authorization.k8s.io/v1beta1/Role
#     - rbac.authorization.k8s.io/v1beta1/RoleBinding
#     - rbac.authorization.k8s.io/v1alpha1/ClusterRole
#     - rbac.authorization.k8s.io/v1alpha1/ClusterRoleBinding
#     - rbac.authorization.k8s.io/v1alpha1/Role
#     - rbac.authorization.k8s.io/v1alpha1/RoleBinding
#     - scheduling.k8s.io/v1beta1/PriorityClass
#     - storage.k8s.io/v1beta1/CSIDriver
#     - storage.k8s.io/v1beta1/CSINode
#     - storage.k8s.io/v1beta1/StorageClass
#     - storage.k8s.io/v1beta1/VolumeAttachment
#     - batch/v1beta1/CronJob
#     - discovery.k8s.io/v1beta1/EndpointSlice
#     - events.k8s.io/v1beta1/Event
#     - autoscaling/v2beta1/HorizontalPodAutoscaler
#     - policy/v1beta1/PodDisruptionBudget
#     - policy/v1beta1/PodSecurityPolicy
#     - node.k8s.io/v1beta1/RuntimeClass
#     - autoscaling/v2beta2/HorizontalPodAutoscaler
#     - flowcontrol.apiserver.k8s.io/v1beta1/FlowSchema
#     - flowcontrol.apiserver.k8s.io/v1beta1/PriorityLevelConfiguration
#     - storage.k8s.io/v1beta1/CSIStorageCapacity
#     - flowcontrol.apiserver.k8s.io/v1beta2/FlowSchema
#     - flowcontrol.apiserver.k8s.io/v1beta2/PriorityLevelConfiguration
#     - flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema
#     - flowcontrol.apiserver.k8s.io/v1beta3/PriorityLevelConfiguration
#     - v1/Endpoints
#     - v1/ComponentStatus
#     - admissionregistration.k8s.io/v1/MutatingWebhookConfiguration
#     - admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration
#     - apiextensions.k8s.io/v1/CustomResourceDefinition
#     - apiregistration.k8s.io/v1/APIService
#     - apps/v1/DaemonSet
#     - apps/v1/Deployment
#     - apps/v1/ReplicaSet
#     - apps/v1/StatefulSet
#     - autoscaling/v2/HorizontalPodAutoscaler
#     - batch/v1/CronJob
#     - certificates.k8s.io/v1/CertificateSigningRequest
#     - coordination.k8s.io/v1/Lease
#     - discovery.k8s.io/v1/EndpointSlice
#     - events.k8s.io/v1/Event
#     - flowcontrol.apiserver.k8s.io/v1/FlowSchema
#     - flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration
#     - networking.k8s.io/v1/Ingress
#     - networking.k8s.io/v1/IngressClass
#     - networking.k8s.io/v1/NetworkPolicy
#     - node.k8s.io/v1/RuntimeClass
#     - policy/v1/PodDisruptionBudget
#     - rbac.authorization.k8s.io/v1/ClusterRole
#     - rbac.authorization.k8s.io/v1/ClusterRoleBinding
#     - rbac.authorization.k8s.io/v1/Role
#     - rbac.authorization.k8s.io/v1/RoleBinding
#     - scheduling.k8s.io/v1/PriorityClass
#     - storage.k8s.io/v1/CSIDriver
#     - storage.k8s.io/v1/CSINode
#     - storage.k8s.io/v1/CSIStorageCapacity
#     - storage.k8s.io/v1/StorageClass
#     - storage.k8s.io/v1/VolumeAttachment
#   parameters:
#     - name: target_version
#       type: string
#       default: ""
#       description: The Kubernetes version to judge for, such as 1.34; empty for that of the cluster in the input.
#   controls:
#     eks-bpg: [upgrades]
#   aliases: [KSV-0107]
package plimsoll.rules.reli.removed_api

import data.plimsoll.lib.result
import data.plimsoll.lib.stack
import data.plimsoll.lib.versions

_params := data.plimsoll.params.reli.removed_api

_old contains {"document": document, "api": api} if {
	some api in data.plimsoll.facts.removed_apis.apis
	some id in input.stack.by_kind[api.kind]
	document := input.stack.documents[id]
}

deny contains result.on(old.document, "apiVersion", message) if {
	some old in _old
	target := _target(old.document)
	versions.at_least(target, old.api.removed)
	message := sprintf("%s is gone since Kubernetes %s%s", [old.api.kind, old.api.removed, _instead(old.api)])
}

# No version that EKS still runs has it.
deny contains result.on(old.document, "apiVersion", message) if {
	some old in _old
	not _target(old.document)
	_is_gone(old.api)
	message := sprintf("%s is gone since Kubernetes %s, and no supported version has it%s", [old.api.kind, old.api.removed, _instead(old.api)])
}

deny contains result.with_severity(result.on(old.document, "apiVersion", message), "low") if {
	some old in _old
	target := _target(old.document)
	versions.at_least(target, old.api.deprecated)
	not versions.at_least(target, old.api.removed)
	message := sprintf("%s is deprecated since Kubernetes %s%s", [old.api.kind, old.api.deprecated, _instead(old.api)])
}

deny contains result.as_unknown(result.on(old.document, "apiVersion", message), "the cluster's version is not known") if {
	some old in _old
	not _target(old.document)
	not _is_gone(old.api)
	message := sprintf("whether the cluster has %s depends on its version", [old.api.kind])
}

_is_gone(api) if versions.minor(api.removed) <= versions.oldest_supported

_target(_) := _params.target_version if versions.minor(_params.target_version)

_target(_) := data.plimsoll.kube_version if {
	not versions.minor(_params.target_version)
	versions.minor(data.plimsoll.kube_version)
}

_target(document) := max([version |
	some cluster in _clusters(document)
	version := cluster.attr.version
	versions.minor(version)
]) if {
	not versions.minor(_params.target_version)
	not versions.minor(data.plimsoll.kube_version)
}

# Kinds that no relation knows belong to the cluster if there is one only.
_clusters(document) := linked if {
	linked := stack.linked("cluster_of", document.id)
	count(linked) > 0
} else := clusters if {
	clusters := stack.documents("eks_cluster")
	count(clusters) == 1
} else := []

_instead(api) := sprintf("; use %s", [api.use]) if {
	api.use != ""
} else := ""
