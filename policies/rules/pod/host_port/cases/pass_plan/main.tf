resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    container {
      name  = "app"
      image = "registry.example.com/shop/web:1.4.2"
      port {
        container_port = 8080
      }
    }
  }
}
