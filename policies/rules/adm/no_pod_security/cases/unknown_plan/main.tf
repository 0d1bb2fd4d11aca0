resource "terraform_data" "settings" {
  input = "baseline"
}

resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"

    labels = { # want-unknown PLM-ADM-001
      "pod-security.kubernetes.io/enforce" = terraform_data.settings.output
    }
  }
}
