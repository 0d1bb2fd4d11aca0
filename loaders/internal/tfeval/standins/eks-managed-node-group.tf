# What matters here of the eks-managed-node-group module.

locals {
  own_template = var.create && var.create_launch_template && var.use_custom_launch_template
  # 21 completes an object that is given in part.
  metadata = var.major >= 21 ? merge({ http_endpoint = "enabled", http_tokens = "required", http_put_response_hop_limit = 1 }, var.metadata_options) : var.metadata_options
  role_policies = merge(
    { AmazonEKSWorkerNodePolicy = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", AmazonEC2ContainerRegistryReadOnly = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly" },
    var.iam_role_attach_cni_policy ? { AmazonEKS_CNI_Policy = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" } : {},
  )
}

resource "aws_launch_template" "this" {
  count    = local.own_template ? 1 : 0
  name     = var.template_name_is_prefix ? null : coalesce(var.launch_template_name, var.name)
  image_id = var.ami_id
  key_name = var.key_name

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
          encrypted   = try(ebs.value.encrypted, null)
          kms_key_id  = try(ebs.value.kms_key_id, null)
          volume_size = try(ebs.value.volume_size, null)
          volume_type = try(ebs.value.volume_type, null)
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

resource "aws_eks_node_group" "this" {
  count           = var.create ? 1 : 0
  cluster_name    = var.cluster_name
  node_group_name = var.name
  node_role_arn   = var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn
  subnet_ids      = var.subnet_ids
  ami_type        = var.ami_id != "" ? null : var.ami_type
  capacity_type   = var.capacity_type
  instance_types  = var.instance_types
  disk_size       = local.own_template ? null : var.disk_size
  version         = var.cluster_version
  labels          = var.labels
  tags            = var.tags

  dynamic "taint" {
    for_each = coalesce(var.taints, {})
    content {
      key    = taint.value.key
      value  = try(taint.value.value, null)
      effect = taint.value.effect
    }
  }

  dynamic "update_config" {
    for_each = try(length(var.update_config), 0) > 0 ? [var.update_config] : []
    content {
      max_unavailable            = try(update_config.value.max_unavailable, null)
      max_unavailable_percentage = try(update_config.value.max_unavailable_percentage, null)
    }
  }

  dynamic "node_repair_config" {
    for_each = var.node_repair_config != null ? [var.node_repair_config] : []
    content {
      enabled = try(node_repair_config.value.enabled, null)
    }
  }

  scaling_config {
    min_size     = var.min_size
    max_size     = var.max_size
    desired_size = var.desired_size
  }

  dynamic "launch_template" {
    for_each = local.own_template ? [1] : []
    content {
      id      = aws_launch_template.this[0].id
      version = aws_launch_template.this[0].latest_version
    }
  }

  dynamic "remote_access" {
    for_each = !local.own_template && try(length(var.remote_access), 0) > 0 ? [var.remote_access] : []
    content {
      ec2_ssh_key               = try(remote_access.value.ec2_ssh_key, null)
      source_security_group_ids = try(remote_access.value.source_security_group_ids, null)
    }
  }
}

resource "aws_iam_role" "this" {
  count              = var.create && var.create_iam_role ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ec2.amazonaws.com"] } }] })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = var.create && var.create_iam_role ? local.role_policies : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each   = var.create && var.create_iam_role ? { for k, v in coalesce(var.iam_role_additional_policies, {}) : tostring(k) => v } : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "iam_role_arn" { value = aws_iam_role.this[0].arn }
output "iam_role_name" { value = aws_iam_role.this[0].name }
output "node_group_id" { value = aws_eks_node_group.this[0].id }
output "node_group_arn" { value = aws_eks_node_group.this[0].arn }
output "launch_template_id" { value = aws_launch_template.this[0].id }
