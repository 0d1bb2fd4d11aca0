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
        host_aliases { # want PLM-POD-036
          ip        = "10.0.0.10"
          hostnames = ["db.internal"]
        }
        container {
          name  = "app"
          image = "registry.example.com/shop/web:1.4.2"
        }
      }
    }
  }
}
