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
        }

        volume {
          name = "socket"
          host_path {
            path = "/run/containerd/containerd.sock" # want PLM-POD-014
            type = "Socket"
          }
        }
      }
    }
  }
}
