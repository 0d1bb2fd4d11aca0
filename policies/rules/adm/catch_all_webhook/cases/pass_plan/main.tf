resource "kubernetes_validating_webhook_configuration_v1" "all" {
  metadata {
    name = "all"
  }

  webhook {
    name                      = "all.example.com"
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
      api_groups   = ["*"]
      api_versions = ["*"]
      operations   = ["*"]
      resources    = ["*"]
    }

    namespace_selector {
      match_expressions {
        key      = "kubernetes.io/metadata.name"
        operator = "NotIn"
        values   = ["kube-system"]
      }
    }
  }
}
