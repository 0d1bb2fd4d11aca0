resource "terraform_data" "settings" {
  input = "baseline"
}

resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"

    labels = { # want-unknown PLM-ADM-015
      "admission.gatekeeper.sh/ignore" = terraform_data.settings.output
    }
  }
}
