resource "aws_security_group" "workers" {
  name   = "workers"
  vpc_id = "vpc-0a1b2c3d4e5f60000"

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/16", "10.1.0.0/16"]
  }

  tags = {
    "kubernetes.io/cluster/harbour" = "owned"
  }
}
