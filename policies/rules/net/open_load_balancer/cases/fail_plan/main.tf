resource "kubernetes_service_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"

    annotations = {
      "service.beta.kubernetes.io/aws-load-balancer-scheme" = "internet-facing"
    }
  }

  spec { # want PLM-NET-023
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
