resource "aws_ecr_pull_through_cache_rule" "hub" {
  ecr_repository_prefix = "public" # want PLM-IMG-012
  upstream_registry_url = "public.ecr.aws"
}

resource "aws_ecr_repository_creation_template" "hub" {
  prefix               = "public"
  applied_for          = ["PULL_THROUGH_CACHE"]
  image_tag_mutability = "MUTABLE" # want PLM-IMG-012
}

resource "aws_ecr_registry_scanning_configuration" "this" {
  scan_type = "BASIC"

  rule {
    scan_frequency = "SCAN_ON_PUSH"
    repository_filter {
      filter      = "prod-*"
      filter_type = "WILDCARD"
    }
  }
}
