resource "aws_ecr_repository" "web" { # want PLM-IMG-006
  name = "shop/web"
}
