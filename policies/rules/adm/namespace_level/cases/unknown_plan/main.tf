resource "terraform_data" "settings" {
  input = "baseline"
}

resource "kubernetes_namespace_v1" "shop_web" {
  metadata {
    name = "shop-web"

    labels = { # want-unknown PLM-ADM-003
      "pod-security.kubernetes.io/enforce" = terraform_data.settings.output
    }
  }
}
