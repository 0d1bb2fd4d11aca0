resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "metrics" {
  metadata {
    name = "metrics"
  }

  rule {
    api_groups = [""]
    resources  = ["nodes", terraform_data.settings.output] # want-unknown PLM-RBAC-008
    verbs      = ["get"]
  }
}
