resource "kubernetes_role_v1" "granter" {
  metadata {
    name      = "granter"
    namespace = "shop"
  }

  rule {
    api_groups = ["rbac.authorization.k8s.io"]
    resources  = ["rolebindings"] # want PLM-RBAC-014
    verbs      = ["create"]
  }
}
