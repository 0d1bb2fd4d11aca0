variable "team_role" {
  type    = string
  default = "arn:aws:iam::111122223333:role/developers"
}

resource "aws_iam_role" "ops" {
  name_prefix        = "ops"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_eks_access_policy_association" "team" {
  cluster_name  = "harbour"
  principal_arn = "arn:aws:iam::111122223333:role/break-glass"
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }
}
