resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_role_v1" "debugger" {
  metadata {
    name      = "debugger"
    namespace = "shop"
  }

  rule {
    api_groups = [""]
    resources  = ["pods/exec"]
    verbs      = [terraform_data.settings.output] # want-unknown PLM-RBAC-007
  }
}
