resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "widgets" {
  metadata {
    name = "widgets"

    labels = {
      "rbac.authorization.k8s.io/aggregate-to-view" = "true"
    }
  }

  rule {
    api_groups = ["example.com"]
    resources  = ["widgets"]
    verbs      = [terraform_data.settings.output] # want-unknown PLM-RBAC-020
  }
}
