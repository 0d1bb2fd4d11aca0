resource "aws_iam_user" "team" {
  name = "team"
}

resource "aws_iam_openid_connect_provider" "harbour" {
  url            = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  statement { # want-unknown PLM-IAM-017
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.harbour.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:sub"
      values   = ["system:serviceaccount:shop:${aws_iam_user.team.unique_id}"]
    }
  }
}

resource "aws_iam_role" "web" {
  name               = "shop-web"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
