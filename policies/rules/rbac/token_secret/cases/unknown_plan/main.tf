resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_secret_v1" "ci" {
  metadata {
    name      = "ci"
    namespace = "build"

    annotations = {
      "kubernetes.io/service-account.name" = "ci"
    }
  }

  type = terraform_data.settings.output # want-unknown PLM-RBAC-024
}
