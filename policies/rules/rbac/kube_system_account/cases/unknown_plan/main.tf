resource "terraform_data" "settings" {
  input = "get"
}

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

  subject {
    kind      = "ServiceAccount"
    name      = "web"
    namespace = terraform_data.settings.output # want-unknown PLM-RBAC-025
  }
}
