resource "kubernetes_role_binding_v1" "all" {
  metadata {
    name      = "all"
    namespace = "shop"
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "edit"
  }

  subject {
    kind      = "Group"
    name      = "system:authenticated" # want PLM-RBAC-016
    api_group = "rbac.authorization.k8s.io"
  }
}
