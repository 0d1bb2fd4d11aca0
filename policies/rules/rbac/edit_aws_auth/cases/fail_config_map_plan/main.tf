resource "aws_eks_cluster" "harbour" {
  name     = "harbour"
  role_arn = "arn:aws:iam::111122223333:role/cluster"

  access_config {
    authentication_mode = "API_AND_CONFIG_MAP"
  }

  vpc_config {
    subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  }
}

resource "kubernetes_role_v1" "mapper" {
  metadata {
    name      = "mapper"
    namespace = "kube-system"
  }

  rule {
    api_groups = [""]
    resources  = ["configmaps"] # want PLM-RBAC-013
    verbs      = ["update"]
  }
}
