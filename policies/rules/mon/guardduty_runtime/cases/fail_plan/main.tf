resource "aws_guardduty_detector" "main" { # want PLM-MON-007
  enable = true
}
