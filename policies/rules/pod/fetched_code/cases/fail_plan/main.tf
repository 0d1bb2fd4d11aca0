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
          name    = "app"
          image   = "registry.example.com/shop/web:1.4.2"
          command = ["sh", "-c", "npm ci && node app.js"] # want PLM-POD-044
        }
      }
    }
  }
}
