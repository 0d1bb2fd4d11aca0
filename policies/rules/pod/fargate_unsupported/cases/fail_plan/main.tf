resource "aws_eks_fargate_profile" "shop" {
  cluster_name           = "main"
  fargate_profile_name   = "shop"
  pod_execution_role_arn = "arn:aws:iam::111122223333:role/fargate"
  subnet_ids             = ["subnet-0123456789abcdef0"]
  selector {
    namespace = "shop"
    labels = {
      app = "*"
    }
  }
}

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
        host_network = true # want PLM-POD-045
        container {
          name  = "app"
          image = "registry.example.com/shop/web:1.4.2"
        }
      }
    }
  }
}
