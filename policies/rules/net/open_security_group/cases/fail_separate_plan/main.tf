resource "aws_security_group" "workers" {
  name   = "workers"
  vpc_id = "vpc-0a1b2c3d4e5f60000"
}

resource "aws_vpc_security_group_ingress_rule" "all" {
  security_group_id = aws_security_group.workers.id
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0" # want PLM-NET-001
}

resource "aws_launch_template" "workers" {
  name                   = "workers"
  vpc_security_group_ids = [aws_security_group.workers.id]
}

resource "aws_eks_node_group" "workers" {
  cluster_name  = "harbour"
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = ["subnet-0a1b2c3d4e5f60001"]

  launch_template {
    id      = aws_launch_template.workers.id
    version = "1"
  }

  scaling_config {
    min_size     = 1
    max_size     = 2
    desired_size = 1
  }
}
