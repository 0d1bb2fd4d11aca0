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
        service_account_name = "web"
        container {
          name  = "app"
          image = "registry.example.com/shop/web:1.4.2"
        }
      }
    }
  }
}
