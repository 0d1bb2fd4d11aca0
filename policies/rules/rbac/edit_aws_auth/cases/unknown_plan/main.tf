resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_role_v1" "mapper" {
  metadata {
    name      = "mapper"
    namespace = "kube-system"
  }

  rule {
    api_groups = [""]
    resources  = ["configmaps"] # want-unknown PLM-RBAC-013
    verbs      = [terraform_data.settings.output]
  }
}
