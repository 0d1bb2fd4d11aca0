resource "kubernetes_secret_v1" "ci" {
  metadata {
    name      = "ci"
    namespace = "build"

    annotations = {
      "kubernetes.io/service-account.name" = "ci"
    }
  }

  type = "kubernetes.io/service-account-token" # want PLM-RBAC-024
}
