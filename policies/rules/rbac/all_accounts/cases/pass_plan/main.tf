resource "kubernetes_role_binding_v1" "view" {
  metadata {
    name      = "view"
    namespace = "shop"
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "view"
  }

  subject {
    kind      = "ServiceAccount"
    name      = "web"
    namespace = "shop"
  }
}
