resource "aws_iam_role" "ci" {
  name_prefix        = "ci"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "kubernetes_config_map_v1" "aws_auth" {
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }

  data = {
    mapRoles = yamlencode([{ # want PLM-IAM-007
      rolearn  = "arn:aws:iam::111122223333:role/ci"
      username = "ci"
      groups   = ["system:masters"]
    }])
  }
}
