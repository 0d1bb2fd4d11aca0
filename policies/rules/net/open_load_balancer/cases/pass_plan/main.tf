resource "kubernetes_service_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"

    annotations = {
      "service.beta.kubernetes.io/aws-load-balancer-scheme" = "internal"
    }
  }

  spec {
    type                = "LoadBalancer"
    load_balancer_class = "service.k8s.aws/nlb"

    selector = {
      app = "web"
    }

    port {
      port = 443
    }
  }
}
