resource "kubernetes_cluster_role_binding_v1" "open" {
  metadata {
    name = "open"
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "view"
  }

  subject {
    kind      = "User"
    name      = "system:anonymous" # want PLM-RBAC-015
    api_group = "rbac.authorization.k8s.io"
  }
}
