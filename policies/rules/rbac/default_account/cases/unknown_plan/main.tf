resource "terraform_data" "settings" {
  input = "get"
}

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
    name      = terraform_data.settings.output # want-unknown PLM-RBAC-018
    namespace = "shop"
  }
}
