resource "kubernetes_cluster_role_v1" "metrics" {
  metadata {
    name = "metrics"
  }

  rule {
    api_groups = [""]
    resources  = ["nodes", "nodes/proxy"] # want PLM-RBAC-008
    verbs      = ["get"]
  }
}
