resource "aws_iam_role" "ci" {
  name_prefix        = "ci"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "kubernetes_config_map_v1_data" "aws_auth" {
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }

  data = { # want-unknown PLM-IAM-007
    mapRoles = yamlencode([{
      rolearn  = aws_iam_role.ci.arn
      username = "ci"
      groups   = ["system:masters"]
    }])
  }
}
