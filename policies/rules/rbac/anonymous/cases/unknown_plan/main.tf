resource "terraform_data" "settings" {
  input = "get"
}

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
    kind      = "Group"
    name      = terraform_data.settings.output # want-unknown PLM-RBAC-015
    api_group = "rbac.authorization.k8s.io"
  }
}
