resource "kubernetes_validating_webhook_configuration_v1" "gatekeeper" {
  metadata {
    name = "gatekeeper"
  }

  webhook {
    name                      = "validation.gatekeeper.sh"
    admission_review_versions = ["v1"]
    side_effects              = "None"
    failure_policy            = "Ignore" # want PLM-ADM-007

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
