resource "kubernetes_role_v1" "debugger" {
  metadata {
    name      = "debugger"
    namespace = "shop"
  }

  rule {
    api_groups = [""]
    resources  = ["pods", "pods/log"]
    verbs      = ["get", "list"]
  }
}
