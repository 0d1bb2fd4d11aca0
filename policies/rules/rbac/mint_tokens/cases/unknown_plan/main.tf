resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_role_v1" "minter" {
  metadata {
    name      = "minter"
    namespace = "shop"
  }

  rule {
    api_groups     = [""]
    resources      = ["serviceaccounts/token"] # want-unknown PLM-RBAC-009
    resource_names = [terraform_data.settings.output]
    verbs          = ["create"]
  }
}
