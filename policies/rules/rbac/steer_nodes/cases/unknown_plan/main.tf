resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "ops" {
  metadata {
    name = "ops"
  }

  rule {
    api_groups = [""]
    resources  = ["nodes"]
    verbs      = [terraform_data.settings.output] # want-unknown PLM-RBAC-026
  }
}
