# METADATA
# title: Role may create workloads cluster-wide
# description: >-
#   Whoever creates a pod picks its service account, mounts any Secret of the namespace
#   and, where no Pod Security level stops it, the node's file system. In every
#   namespace that comes close to administration of the cluster.
# related_resources:
#   - description: RBAC good practices, workload creation
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-005
#   severity: medium
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Grant it by a Role in the namespaces that need it, and enforce the restricted Pod Security level there.
#     Kubernetes: {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: deployer, namespace: shop}, rules: [{apiGroups: [apps], resources: [deployments], verbs: [get, list, watch, create, update, patch]}]}
#     Terraform:
#       resource "kubernetes_role_v1" "deployer" {
#         metadata {
#           name      = "deployer"
#           namespace = "shop"
#         }
#         rule {
#           api_groups = ["apps"]
#           resources  = ["deployments"]
#           verbs      = ["get", "list", "watch", "create", "update", "patch"]
#         }
#       }
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   controls:
#     cis-eks: ["4.1.4"]
#   aliases: [C-0188]
package plimsoll.rules.rbac.create_workloads

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

deny contains roles.judged(result.at(grant.path, message)) if {
	input.attr.cluster_scoped
	some grant in roles.granted.create_workloads
	message := sprintf("%s may create %s in every namespace", [roles.subject, grant.what])
}
