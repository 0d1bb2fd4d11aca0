resource "kubernetes_daemon_set_v1" "web" {
  metadata {
    name      = "web"
    namespace = "kube-system" # want PLM-POD-030
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
      }
    }
  }
}
