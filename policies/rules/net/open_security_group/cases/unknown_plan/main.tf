resource "aws_eip" "office" {}

resource "aws_security_group" "workers" {
  name   = "workers"
  vpc_id = "vpc-0a1b2c3d4e5f60000"

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/16", "${aws_eip.office.public_ip}/32"] # want-unknown PLM-NET-001
  }

  tags = {
    "kubernetes.io/cluster/harbour" = "owned"
  }
}
