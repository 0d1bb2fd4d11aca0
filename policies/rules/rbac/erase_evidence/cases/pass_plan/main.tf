resource "kubernetes_cluster_role_v1" "recorder" {
  metadata {
    name = "recorder"
  }

  rule {
    api_groups = [""]
    resources  = ["events"]
    verbs      = ["create", "patch"]
  }
}
