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
        priority_class_name = "system-cluster-critical" # want PLM-POD-041
        container {
          name  = "app"
          image = "registry.example.com/shop/web:1.4.2"
        }
      }
    }
  }
}

resource "kubernetes_priority_class_v1" "first" {
  metadata {
    name = "first"
  }
  value = 900000000 # want PLM-POD-041
}
