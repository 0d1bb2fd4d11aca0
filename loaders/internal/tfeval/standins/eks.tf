# What matters here of terraform-aws-modules/eks/aws: which resources a call
# makes, and which of its inputs decide their values. The table beside it has
# the names and defaults of the inputs.

locals {
  # 18 takes a list of configurations, later versions one; null turns encryption
  # with a customer key off, until 20 an empty one does so too.
  encryption = var.encryption_config == null ? [] : [
    for c in try(tolist(var.encryption_config), [var.encryption_config]) : c if var.major >= 21 || length(c) > 0
  ]
  addons        = var.create ? coalesce(var.addons, {}) : {}
  auto_mode     = try(var.compute_config.enabled, false) == true
  cluster_rules = { for k, v in coalesce(var.cluster_rules, {}) : k => v }
  node_rules    = { for k, v in coalesce(var.node_rules, {}) : k => v }
}

resource "aws_eks_cluster" "this" {
  count                         = var.create ? 1 : 0
  name                          = var.name
  version                       = var.version
  role_arn                      = var.create_role ? aws_iam_role.this[0].arn : var.role_arn
  enabled_cluster_log_types     = var.log_types
  bootstrap_self_managed_addons = var.major >= 21 ? false : null
  deletion_protection           = var.deletion_protection
  tags                          = var.tags

  vpc_config {
    endpoint_public_access  = var.public_access
    endpoint_private_access = var.private_access
    public_access_cidrs     = var.public_cidrs
    subnet_ids              = try(length(var.control_plane_subnet_ids), 0) > 0 ? var.control_plane_subnet_ids : var.subnet_ids
    security_group_ids      = concat([aws_security_group.cluster[0].id], coalesce(var.additional_security_groups, []))
  }

  dynamic "access_config" {
    for_each = var.major >= 20 ? [1] : []
    content {
      authentication_mode                         = var.authentication_mode
      bootstrap_cluster_creator_admin_permissions = false
    }
  }

  dynamic "compute_config" {
    for_each = var.compute_config != null ? [var.compute_config] : []
    content {
      enabled       = try(var.compute_config.enabled, null)
      node_pools    = try(var.compute_config.node_pools, null)
      node_role_arn = try(var.compute_config.node_role_arn, null)
    }
  }

  dynamic "encryption_config" {
    for_each = local.encryption
    content {
      resources = try(encryption_config.value.resources, ["secrets"])
      provider {
        key_arn = try(encryption_config.value.provider_key_arn, null) != null ? encryption_config.value.provider_key_arn : aws_kms_key.this[0].arn
      }
    }
  }

  kubernetes_network_config {
    ip_family         = var.ip_family
    service_ipv4_cidr = var.service_ipv4_cidr

    dynamic "elastic_load_balancing" {
      for_each = local.auto_mode ? [1] : []
      content {
        enabled = var.compute_config.enabled
      }
    }
  }

  dynamic "storage_config" {
    for_each = local.auto_mode ? [1] : []
    content {
      block_storage {
        enabled = var.compute_config.enabled
      }
    }
  }

  dynamic "upgrade_policy" {
    for_each = var.upgrade_policy != null ? [1] : []
    content {
      support_type = try(var.upgrade_policy.support_type, null)
    }
  }

  dynamic "zonal_shift_config" {
    for_each = var.zonal_shift != null ? [1] : []
    content {
      enabled = try(var.zonal_shift.enabled, null)
    }
  }
}

resource "aws_kms_key" "this" {
  count                   = var.create && var.create_kms_key && length(local.encryption) > 0 ? 1 : 0
  enable_key_rotation     = var.enable_key_rotation
  deletion_window_in_days = var.kms_deletion_window
}

resource "aws_cloudwatch_log_group" "this" {
  count             = var.create && var.create_log_group ? 1 : 0
  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.log_retention
  kms_key_id        = var.log_group_key
}

resource "aws_iam_role" "this" {
  count                = var.create && var.create_role ? 1 : 0
  name                 = var.role_use_prefix ? null : var.role_name
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = ["eks.amazonaws.com"] } }] })
}

resource "aws_iam_role_policy_attachment" "this" {
  count      = var.create && var.create_role ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each   = var.create && var.create_role ? { for k, v in coalesce(var.role_policies, {}) : tostring(k) => v } : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_openid_connect_provider" "oidc_provider" {
  count          = var.create && var.enable_irsa ? 1 : 0
  url            = aws_eks_cluster.this[0].identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_security_group" "cluster" {
  count  = var.create ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "cluster" {
  for_each          = local.cluster_rules
  security_group_id = aws_security_group.cluster[0].id
  type              = try(each.value.type, "ingress")
  protocol          = try(each.value.protocol, "tcp")
  from_port         = try(each.value.from_port, null)
  to_port           = try(each.value.to_port, null)
  cidr_blocks       = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks  = try(each.value.ipv6_cidr_blocks, null)
  self              = try(each.value.self, null)
  description       = try(each.value.description, null)
}

resource "aws_security_group" "node" {
  count  = var.create ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "node" {
  for_each          = local.node_rules
  security_group_id = aws_security_group.node[0].id
  type              = try(each.value.type, "ingress")
  protocol          = try(each.value.protocol, "tcp")
  from_port         = try(each.value.from_port, null)
  to_port           = try(each.value.to_port, null)
  cidr_blocks       = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks  = try(each.value.ipv6_cidr_blocks, null)
  self              = try(each.value.self, null)
  description       = try(each.value.description, null)
}

resource "aws_eks_addon" "this" {
  for_each                    = { for k, v in local.addons : k => v if !try(v.before_compute, false) }
  cluster_name                = aws_eks_cluster.this[0].name
  addon_name                  = try(each.value.name, null) != null ? each.value.name : each.key
  addon_version               = try(each.value.addon_version, null)
  configuration_values        = try(each.value.configuration_values, null)
  service_account_role_arn    = try(each.value.service_account_role_arn, null)
  resolve_conflicts_on_create = try(each.value.resolve_conflicts_on_create, null)
  resolve_conflicts_on_update = try(each.value.resolve_conflicts_on_update, null)
  preserve                    = try(each.value.preserve, null)

  dynamic "pod_identity_association" {
    for_each = try(each.value.pod_identity_association, null) != null ? each.value.pod_identity_association : []
    content {
      role_arn        = pod_identity_association.value.role_arn
      service_account = pod_identity_association.value.service_account
    }
  }
}

resource "aws_eks_addon" "before_compute" {
  for_each                    = { for k, v in local.addons : k => v if try(v.before_compute, false) }
  cluster_name                = aws_eks_cluster.this[0].name
  addon_name                  = try(each.value.name, null) != null ? each.value.name : each.key
  addon_version               = try(each.value.addon_version, null)
  configuration_values        = try(each.value.configuration_values, null)
  service_account_role_arn    = try(each.value.service_account_role_arn, null)
  resolve_conflicts_on_create = try(each.value.resolve_conflicts_on_create, null)
  resolve_conflicts_on_update = try(each.value.resolve_conflicts_on_update, null)
  preserve                    = try(each.value.preserve, null)

  dynamic "pod_identity_association" {
    for_each = try(each.value.pod_identity_association, null) != null ? each.value.pod_identity_association : []
    content {
      role_arn        = pod_identity_association.value.role_arn
      service_account = pod_identity_association.value.service_account
    }
  }
}

resource "aws_eks_access_entry" "this" {
  for_each          = var.create ? coalesce(var.access_entries, {}) : {}
  cluster_name      = aws_eks_cluster.this[0].name
  principal_arn     = each.value.principal_arn
  type              = try(each.value.type, "STANDARD")
  kubernetes_groups = try(each.value.kubernetes_groups, null)
  user_name         = try(each.value.user_name, null)
}

resource "aws_eks_access_policy_association" "this" {
  for_each = var.create ? merge([
    for entry, e in coalesce(var.access_entries, {}) : {
      for name, p in try(e.policy_associations, {}) : "${entry}_${name}" => merge(p, { principal_arn = e.principal_arn })
    }
  ]...) : {}
  cluster_name  = aws_eks_cluster.this[0].name
  principal_arn = each.value.principal_arn
  policy_arn    = each.value.policy_arn
  access_scope {
    type       = try(each.value.access_scope.type, "cluster")
    namespaces = try(each.value.access_scope.namespaces, null)
  }
}

# The creator's entry of version 20 and later; the principal is the caller.
resource "aws_eks_access_policy_association" "cluster_creator" {
  count         = var.create && var.major >= 20 && var.creator_is_admin ? 1 : 0
  cluster_name  = aws_eks_cluster.this[0].name
  principal_arn = data.aws_iam_session_context.current.issuer_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
  access_scope {
    type = "cluster"
  }
}

data "aws_iam_session_context" "current" {}

resource "kubernetes_config_map_v1_data" "aws_auth" {
  count = var.create && (var.manage_aws_auth || var.create_aws_auth) ? 1 : 0
  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
  data = {
    mapRoles    = yamlencode(var.aws_auth_roles)
    mapUsers    = yamlencode(var.aws_auth_users)
    mapAccounts = yamlencode(var.aws_auth_accounts)
  }
}

module "eks_managed_node_group" {
  source   = "standin:eks-managed-node-group"
  for_each = var.create ? coalesce(var.managed_groups, {}) : {}

  name                         = try(each.value.name, null) != null ? each.value.name : each.key
  cluster_name                 = aws_eks_cluster.this[0].name
  cluster_version              = var.version
  subnet_ids                   = try(each.value.subnet_ids, var.managed_group_defaults.subnet_ids, var.subnet_ids)
  ami_type                     = try(each.value.ami_type, var.managed_group_defaults.ami_type, null)
  ami_id                       = try(each.value.ami_id, var.managed_group_defaults.ami_id, null)
  capacity_type                = try(each.value.capacity_type, var.managed_group_defaults.capacity_type, null)
  instance_types               = try(each.value.instance_types, var.managed_group_defaults.instance_types, null)
  disk_size                    = try(each.value.disk_size, var.managed_group_defaults.disk_size, null)
  remote_access                = try(each.value.remote_access, var.managed_group_defaults.remote_access, null)
  metadata_options             = try(each.value.metadata_options, var.managed_group_defaults.metadata_options, null)
  block_device_mappings        = try(each.value.block_device_mappings, var.managed_group_defaults.block_device_mappings, null)
  network_interfaces           = try(each.value.network_interfaces, var.managed_group_defaults.network_interfaces, null)
  key_name                     = try(each.value.key_name, var.managed_group_defaults.key_name, null)
  use_custom_launch_template   = try(each.value.use_custom_launch_template, var.managed_group_defaults.use_custom_launch_template, true)
  create_launch_template       = try(each.value.create_launch_template, var.managed_group_defaults.create_launch_template, true)
  iam_role_attach_cni_policy   = try(each.value.iam_role_attach_cni_policy, var.managed_group_defaults.iam_role_attach_cni_policy, true)
  iam_role_additional_policies = try(each.value.iam_role_additional_policies, var.managed_group_defaults.iam_role_additional_policies, {})
  create_iam_role              = try(each.value.create_iam_role, var.managed_group_defaults.create_iam_role, true)
  iam_role_arn                 = try(each.value.iam_role_arn, var.managed_group_defaults.iam_role_arn, null)
  labels                       = try(each.value.labels, var.managed_group_defaults.labels, null)
  tags                         = merge(coalesce(var.tags, {}), try(each.value.tags, var.managed_group_defaults.tags, {}))
  taints                       = try(each.value.taints, var.managed_group_defaults.taints, null)
  update_config                = try(each.value.update_config, var.managed_group_defaults.update_config, null)
  node_repair_config           = try(each.value.node_repair_config, var.managed_group_defaults.node_repair_config, null)
  launch_template_name         = try(each.value.launch_template_name, var.managed_group_defaults.launch_template_name, null)
  launch_template_use_name_prefix = try(each.value.launch_template_use_name_prefix, var.managed_group_defaults.launch_template_use_name_prefix, true)
  min_size                     = try(each.value.min_size, var.managed_group_defaults.min_size, 1)
  max_size                     = try(each.value.max_size, var.managed_group_defaults.max_size, 3)
  desired_size                 = try(each.value.desired_size, var.managed_group_defaults.desired_size, 1)
}

module "self_managed_node_group" {
  source   = "standin:self-managed-node-group"
  for_each = var.create ? coalesce(var.self_managed_groups, {}) : {}

  cluster_name                 = aws_eks_cluster.this[0].name
  subnet_ids                   = try(each.value.subnet_ids, var.self_managed_group_defaults.subnet_ids, var.subnet_ids)
  ami_id                       = try(each.value.ami_id, var.self_managed_group_defaults.ami_id, null)
  instance_type                = try(each.value.instance_type, var.self_managed_group_defaults.instance_type, null)
  metadata_options             = try(each.value.metadata_options, var.self_managed_group_defaults.metadata_options, null)
  block_device_mappings        = try(each.value.block_device_mappings, var.self_managed_group_defaults.block_device_mappings, null)
  network_interfaces           = try(each.value.network_interfaces, var.self_managed_group_defaults.network_interfaces, null)
  key_name                     = try(each.value.key_name, var.self_managed_group_defaults.key_name, null)
  iam_role_additional_policies = try(each.value.iam_role_additional_policies, var.self_managed_group_defaults.iam_role_additional_policies, {})
}

resource "aws_eks_fargate_profile" "this" {
  for_each             = var.create ? coalesce(var.fargate_profiles, {}) : {}
  cluster_name         = aws_eks_cluster.this[0].name
  fargate_profile_name = try(each.value.name, each.key)
  subnet_ids           = try(each.value.subnet_ids, var.subnet_ids)

  dynamic "selector" {
    for_each = try(each.value.selectors, [])
    content {
      namespace = try(selector.value.namespace, null)
      labels    = try(selector.value.labels, null)
    }
  }
}

output "cluster_name" { value = aws_eks_cluster.this[0].name }
output "cluster_id" { value = aws_eks_cluster.this[0].id }
output "cluster_arn" { value = aws_eks_cluster.this[0].arn }
output "cluster_version" { value = aws_eks_cluster.this[0].version }
output "cluster_endpoint" { value = aws_eks_cluster.this[0].endpoint }
output "cluster_certificate_authority_data" { value = aws_eks_cluster.this[0].certificate_authority[0].data }
output "cluster_oidc_issuer_url" { value = aws_eks_cluster.this[0].identity[0].oidc[0].issuer }
output "cluster_security_group_id" { value = aws_security_group.cluster[0].id }
output "cluster_primary_security_group_id" { value = aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id }
output "node_security_group_id" { value = aws_security_group.node[0].id }
output "cluster_iam_role_name" { value = aws_iam_role.this[0].name }
output "cluster_iam_role_arn" { value = aws_iam_role.this[0].arn }
output "oidc_provider_arn" { value = aws_iam_openid_connect_provider.oidc_provider[0].arn }
output "oidc_provider" { value = replace(aws_eks_cluster.this[0].identity[0].oidc[0].issuer, "https://", "") }
output "kms_key_arn" { value = aws_kms_key.this[0].arn }
output "cloudwatch_log_group_name" { value = aws_cloudwatch_log_group.this[0].name }
output "eks_managed_node_groups" { value = module.eks_managed_node_group }
output "self_managed_node_groups" { value = module.self_managed_node_group }
