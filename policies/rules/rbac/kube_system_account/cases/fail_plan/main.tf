resource "kubernetes_role_binding_v1" "editor" {
  metadata {
    name      = "editor"
    namespace = "kube-system"
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "edit"
  }

  subject { # want PLM-RBAC-025
    kind      = "ServiceAccount"
    name      = "web"
    namespace = "shop"
  }
}
