resource "aws_eks_cluster" "harbour" { # want PLM-ADM-006
  name     = "harbour"
  role_arn = "arn:aws:iam::111122223333:role/cluster"
  version  = "1.35"

  vpc_config {
    subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  }
}
