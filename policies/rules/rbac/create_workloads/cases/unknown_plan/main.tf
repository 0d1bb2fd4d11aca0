resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "deployer" {
  metadata {
    name = "deployer"
  }

  rule {
    api_groups = ["apps"]
    resources  = ["deployments"]
    verbs      = ["get", terraform_data.settings.output] # want-unknown PLM-RBAC-005
  }
}
