resource "kubernetes_pod_v1" "web" { # want PLM-POD-039
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    container {
      name  = "app"
      image = "registry.example.com/shop/web:1.4.2"
    }
  }
}
