resource "aws_iam_user" "team" {
  name = "team"
}

resource "kubernetes_service_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"

    annotations = { # want-unknown PLM-NET-023
      "service.beta.kubernetes.io/aws-load-balancer-scheme" = aws_iam_user.team.unique_id
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
