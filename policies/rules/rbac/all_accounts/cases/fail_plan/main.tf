resource "kubernetes_role_binding_v1" "pods" {
  metadata {
    name      = "pods"
    namespace = "shop"
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "view"
  }

  subject {
    kind      = "Group"
    name      = "system:serviceaccounts:shop" # want PLM-RBAC-019
    api_group = "rbac.authorization.k8s.io"
  }
}
