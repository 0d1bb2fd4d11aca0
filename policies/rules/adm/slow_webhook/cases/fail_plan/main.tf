resource "kubernetes_mutating_webhook_configuration_v1" "slow" {
  metadata {
    name = "slow"
  }

  webhook {
    name                      = "slow.example.com"
    admission_review_versions = ["v1"]
    side_effects              = "Unknown" # want PLM-ADM-009
    timeout_seconds           = 25        # want PLM-ADM-009
    match_policy              = "Exact"   # want PLM-ADM-009

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
