resource "kubernetes_daemon_set_v1" "web" {
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
          volume_mount {
            name       = "kubelet"
            mount_path = "/var/lib/kubelet"
          }
        }

        volume {
          name = "kubelet"
          host_path {
            path = "/var/lib/kubelet" # want PLM-POD-013
          }
        }
      }
    }
  }
}
