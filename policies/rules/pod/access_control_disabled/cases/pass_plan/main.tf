resource "kubernetes_job_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    template {
      metadata {
        labels = { app = "web" }
      }
      spec {
        security_context {
          se_linux_options {
            level = "s0:c123,c456"
          }
        }
        container {
          name  = "app"
          image = "registry.example.com/shop/web:1.4.2"
        }
      }
    }
  }
}
