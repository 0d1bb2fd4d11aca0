resource "terraform_data" "settings" {
  input = "baseline"
}

resource "kubernetes_mutating_webhook_configuration_v1" "slow" {
  metadata {
    name = "slow"
  }

  webhook {
    name                      = "slow.example.com"
    admission_review_versions = ["v1"]
    side_effects              = "None"
    match_policy              = terraform_data.settings.output # want-unknown PLM-ADM-009

    client_config {
      ca_bundle = "Q0E="

      service {
        namespace = "policy"
        name      = "webhook"
      }
    }

    rule {
      api_groups   = [""]
      api_versions = ["v1"]
      operations   = ["CREATE"]
      resources    = ["pods"]
    }
  }
}
