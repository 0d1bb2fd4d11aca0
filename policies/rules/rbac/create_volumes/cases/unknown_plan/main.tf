resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "provisioner" {
  metadata {
    name = "provisioner"
  }

  rule {
    api_groups = [""]
    resources  = ["persistentvolumes"]
    verbs      = [terraform_data.settings.output] # want-unknown PLM-RBAC-012
  }
}
