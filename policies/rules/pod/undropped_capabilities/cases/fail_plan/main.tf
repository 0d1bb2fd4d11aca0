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
          security_context {
            capabilities {
              drop = ["NET_RAW"] # want PLM-POD-005
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_cron_job_v1" "job" {
  metadata {
    name      = "job"
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
            init_container { # want PLM-POD-005
              name  = "app"
              image = "registry.example.com/shop/web:1.4.2"
            }
            container {
              name  = "app"
              image = "registry.example.com/shop/web:1.4.2"
              security_context {
                capabilities {
                  drop = ["ALL"]
                }
              }
            }
          }
        }
      }
    }
  }
}
