resource "kubernetes_role_v1" "minter" {
  metadata {
    name      = "minter"
    namespace = "shop"
  }

  rule {
    api_groups = [""]
    resources  = ["serviceaccounts/token"] # want PLM-RBAC-009
    verbs      = ["create"]
  }
}
