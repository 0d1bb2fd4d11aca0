resource "aws_ecr_repository" "web" { # want PLM-IMG-007
  name = "shop/web"
}
