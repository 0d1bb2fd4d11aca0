resource "aws_eks_cluster" "harbour" { # want-unknown PLM-MON-008
  name     = "harbour"
  role_arn = "arn:aws:iam::111122223333:role/cluster"

  vpc_config {
    subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  }
}

resource "aws_guardduty_detector" "main" {
  enable = true
}

resource "aws_guardduty_detector_feature" "runtime" {
  detector_id = aws_guardduty_detector.main.id
  name        = "RUNTIME_MONITORING"
  status      = aws_guardduty_detector.main.account_id == "111122223333" ? "ENABLED" : "DISABLED"
}
