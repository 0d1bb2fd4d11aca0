resource "aws_ecr_repository_policy" "web" {
  repository = "shop/web"
  policy = jsonencode({ # want PLM-IMG-008
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    }]
  })
}
