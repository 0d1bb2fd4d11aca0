resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop" # want PLM-NET-016
  }
}

resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }

  spec {
    container {
      name  = "web"
      image = "nginx:1.29"
    }
  }
}
