resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    container {
      name  = "app"
      image = "registry.example.com/shop/web:1.4.2"
    }

    volume {
      name = "data"
      persistent_volume_claim {
        claim_name = "data"
      }
    }
    volume {
      name = "scratch"
      empty_dir {}
    }
  }
}
