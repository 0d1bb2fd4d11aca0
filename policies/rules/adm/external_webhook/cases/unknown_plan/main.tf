resource "terraform_data" "settings" {
  input = "baseline"
}

resource "kubernetes_validating_webhook_configuration_v1" "out" {
  metadata {
    name = "out"
  }

  webhook {
    name                      = "out.example.com"
    admission_review_versions = ["v1"]
    side_effects              = "None"

    client_config {
      ca_bundle = "Q0E="
      url       = terraform_data.settings.output # want-unknown PLM-ADM-010
    }

    rule {
      api_groups   = [""]
      api_versions = ["v1"]
      operations   = ["CREATE"]
      resources    = ["pods"]
    }
  }
}
