resource "kubernetes_role_v1" "minter" {
  metadata {
    name      = "minter"
    namespace = "shop"
  }

  rule {
    api_groups = [""]
    resources  = ["serviceaccounts"]
    verbs      = ["create"]
  }
}
