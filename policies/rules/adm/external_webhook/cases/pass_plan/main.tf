resource "kubernetes_validating_webhook_configuration_v1" "in" {
  metadata {
    name = "in"
  }

  webhook {
    name                      = "in.example.com"
    admission_review_versions = ["v1"]
    side_effects              = "None"

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
