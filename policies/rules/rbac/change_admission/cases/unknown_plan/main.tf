resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "engine" {
  metadata {
    name = "engine"
  }

  rule {
    api_groups     = ["admissionregistration.k8s.io"]
    resources      = ["mutatingwebhookconfigurations"] # want-unknown PLM-RBAC-010
    resource_names = [terraform_data.settings.output]
    verbs          = ["update"]
  }
}
