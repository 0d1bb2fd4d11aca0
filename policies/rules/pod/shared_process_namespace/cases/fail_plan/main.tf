resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    share_process_namespace = true # want PLM-POD-034
    container {
      name  = "app"
      image = "registry.example.com/shop/web:1.4.2"
    }
  }
}
