resource "terraform_data" "settings" {
  input = "get"
}

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
    name      = terraform_data.settings.output # want-unknown PLM-RBAC-019
    api_group = "rbac.authorization.k8s.io"
  }
}
