resource "terraform_data" "settings" {
  input = timestamp()
}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    selector {
      match_labels = { app = "web" }
    }
    template {
      metadata {
        labels = { app = "web" }
      }
      spec {
        container {
          name  = "app"
          image = "registry.example.com/shop/web:1.4.2"
          resources {
            requests = { # want-unknown PLM-POD-027
              cpu    = terraform_data.settings.output
              memory = "256Mi"
            }
          }
        }
      }
    }
  }
}
