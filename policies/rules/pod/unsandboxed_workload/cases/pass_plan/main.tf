resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
    labels = {
      "plimsoll.dev/trust" = "untrusted"
    }
  }
  spec {
    runtime_class_name = "gvisor"
    container {
      name  = "app"
      image = "registry.example.com/shop/web:1.4.2"
    }
  }
}
