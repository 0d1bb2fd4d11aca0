resource "aws_iam_policy" "ci" {
  name = "ci"
  policy = jsonencode({ # want PLM-IMG-010
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"]
      Resource = "*"
    }]
  })
}
