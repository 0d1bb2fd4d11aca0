resource "kubernetes_role_v1" "debugger" {
  metadata {
    name      = "debugger"
    namespace = "shop"
  }

  rule {
    api_groups = [""]
    resources  = ["pods/exec"] # want PLM-RBAC-007
    verbs      = ["create"]
  }
}
