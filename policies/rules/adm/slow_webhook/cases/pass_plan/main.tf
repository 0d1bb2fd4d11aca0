resource "kubernetes_mutating_webhook_configuration_v1" "fast" {
  metadata {
    name = "fast"
  }

  webhook {
    name                      = "fast.example.com"
    admission_review_versions = ["v1"]
    side_effects              = "None"
    timeout_seconds           = 5

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
