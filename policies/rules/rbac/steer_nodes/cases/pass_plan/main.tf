resource "kubernetes_cluster_role_v1" "viewer" {
  metadata {
    name = "viewer"
  }

  rule {
    api_groups = [""]
    resources  = ["nodes"]
    verbs      = ["get"]
  }
}
