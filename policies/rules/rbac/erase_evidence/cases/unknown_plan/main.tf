resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "cleaner" {
  metadata {
    name = "cleaner"
  }

  rule {
    api_groups = ["events.k8s.io"]
    resources  = ["events"]
    verbs      = [terraform_data.settings.output] # want-unknown PLM-RBAC-023
  }
}
