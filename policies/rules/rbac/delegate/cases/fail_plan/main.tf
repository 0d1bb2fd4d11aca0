resource "kubernetes_cluster_role_v1" "granter" {
  metadata {
    name = "granter"
  }

  rule {
    api_groups = ["rbac.authorization.k8s.io"]
    resources  = ["clusterroles"] # want PLM-RBAC-006
    verbs      = ["escalate"]
  }

  rule {
    api_groups = [""]
    resources  = ["serviceaccounts"] # want PLM-RBAC-006
    verbs      = ["impersonate"]
  }
}
