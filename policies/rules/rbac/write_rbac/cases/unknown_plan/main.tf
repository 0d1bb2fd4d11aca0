resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_role_v1" "granter" {
  metadata {
    name      = "granter"
    namespace = "shop"
  }

  rule {
    api_groups = ["rbac.authorization.k8s.io"]
    resources  = ["rolebindings"]
    verbs      = [terraform_data.settings.output] # want-unknown PLM-RBAC-014
  }
}
