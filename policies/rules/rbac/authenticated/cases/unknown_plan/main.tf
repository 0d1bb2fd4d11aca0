resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_binding_v1" "all" {
  metadata {
    name = "all"
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = terraform_data.settings.output
  }

  subject {
    kind      = "Group"
    name      = "system:authenticated" # want-unknown PLM-RBAC-016
    api_group = "rbac.authorization.k8s.io"
  }
}
