# What matters here of the self-managed-node-group module.

locals {
  metadata = var.major >= 21 ? merge({ http_endpoint = "enabled", http_tokens = "required", http_put_response_hop_limit = 1 }, var.metadata_options) : var.metadata_options
}

resource "aws_launch_template" "this" {
  count         = var.create ? 1 : 0
  image_id      = var.ami_id
  key_name      = var.key_name
  instance_type = var.instance_type

  iam_instance_profile {
    arn = aws_iam_instance_profile.this[0].arn
  }

  dynamic "metadata_options" {
    for_each = length(local.metadata) > 0 ? [local.metadata] : []
    content {
      http_endpoint               = try(var.metadata_options.http_endpoint, metadata_options.value.http_endpoint, null)
      http_tokens                 = try(var.metadata_options.http_tokens, metadata_options.value.http_tokens, null)
      http_put_response_hop_limit = try(var.metadata_options.http_put_response_hop_limit, metadata_options.value.http_put_response_hop_limit, null)
    }
  }

  dynamic "block_device_mappings" {
    for_each = var.block_device_mappings
    content {
      device_name = try(block_device_mappings.value.device_name, null)
      dynamic "ebs" {
        for_each = try([block_device_mappings.value.ebs], [])
        content {
          encrypted  = try(ebs.value.encrypted, null)
          kms_key_id = try(ebs.value.kms_key_id, null)
        }
      }
    }
  }

  dynamic "network_interfaces" {
    for_each = var.network_interfaces
    content {
      associate_public_ip_address = try(network_interfaces.value.associate_public_ip_address, null)
    }
  }
}

resource "aws_autoscaling_group" "this" {
  count               = var.create ? 1 : 0
  vpc_zone_identifier = var.subnet_ids
  launch_template {
    id      = aws_launch_template.this[0].id
    version = aws_launch_template.this[0].latest_version
  }
  tag {
    key                 = "kubernetes.io/cluster/${var.cluster_name}"
    value               = "owned"
    propagate_at_launch = true
  }
}

resource "aws_iam_role" "this" {
  count              = var.create ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ec2.amazonaws.com"] } }] })
}

resource "aws_iam_instance_profile" "this" {
  count = var.create ? 1 : 0
  role  = aws_iam_role.this[0].name
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each   = var.create ? { for k, v in coalesce(var.iam_role_additional_policies, {}) : tostring(k) => v } : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "iam_role_arn" { value = aws_iam_role.this[0].arn }
output "iam_role_name" { value = aws_iam_role.this[0].name }
