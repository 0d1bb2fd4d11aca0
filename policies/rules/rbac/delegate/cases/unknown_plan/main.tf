resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "granter" {
  metadata {
    name = "granter"
  }

  rule {
    api_groups     = ["rbac.authorization.k8s.io"]
    resources      = ["clusterroles"] # want-unknown PLM-RBAC-006
    resource_names = [terraform_data.settings.output]
    verbs          = ["bind"]
  }
}
