resource "kubernetes_cron_job_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    schedule = "0 3 * * *"
    job_template {
      metadata {}
      spec {
        template {
          metadata {
            labels = { app = "web" }
          }
          spec {
            container {
              name  = "app"
              image = "registry.example.com/shop/web:1.4.2"
              resources {
                requests = {
                  cpu    = "100m"
                  memory = "256Mi"
                }
              }
            }
          }
        }
      }
    }
  }
}
