resource "aws_ecr_repository" "web" { # want PLM-IMG-009
  name = "shop/web"
}
