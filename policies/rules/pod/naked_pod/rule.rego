# METADATA
# title: Pod without a controller
# description: >-
#   When its node is drained, replaced or lost, nothing starts the pod again. Nobody
#   dares to rotate nodes then, and old nodes are nodes without patches.
# related_resources:
#   - description: Pods, working with Pods
#     ref: https://kubernetes.io/docs/concepts/workloads/pods/#working-with-pods
#   - description: EKS best practices, running highly-available applications
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/application.html
# custom:
#   id: PLM-POD-039
#   severity: low
#   category: operations
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Let a controller make the pod: a Deployment for a service, a Job for a task.
#     Kubernetes:
#       apiVersion: apps/v1
#       kind: Deployment
#       metadata: {name: web, namespace: shop}
#       spec:
#         replicas: 2
#         selector: {matchLabels: {app: web}}
#         template:
#           metadata: {labels: {app: web}}
#           spec: {containers: [{name: web, image: "registry.example.com/shop/web:1.4.2"}]}
#     Terraform:
#       resource "kubernetes_deployment_v1" "web" {
#         metadata { name = "web" }
#         spec {
#           replicas = 2
#           selector { match_labels = { app = "web" } }
#           template {
#             metadata { labels = { app = "web" } }
#             spec {
#               container {
#                 name  = "web"
#                 image = "registry.example.com/shop/web:1.4.2"
#               }
#             }
#           }
#         }
#       }
#   on: [v1/Pod]
#   needs:
#     - annotations["helm.sh/hook"]
#     - annotations["argocd.argoproj.io/hook"]
#     - annotations["kubernetes.io/config.source"]
#     - annotations["kubernetes.io/config.mirror"]
#   reads: [annotations, labels]
#   controls:
#     eks-bpg: [application]
#   aliases: [C-0073]
package plimsoll.rules.pod.naked_pod

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

# Hooks of Helm and Argo CD run once and are removed by them.
_is_tended if {
	some key in ["helm.sh/hook", "argocd.argoproj.io/hook"]
	input.attr.annotations[key]
}

_is_tended if count(input.raw.metadata.ownerReferences) > 0

_is_tended if pods.is_static

deny contains result.at("kind", sprintf("no controller starts %s again", [pods.subject])) if not _is_tended
