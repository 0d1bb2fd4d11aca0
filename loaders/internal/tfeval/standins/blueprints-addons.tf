# What matters here of the blueprints' add-ons: EKS add-ons and Helm releases
# that the call lists itself.

resource "aws_eks_addon" "this" {
  for_each                 = var.eks_addons
  cluster_name             = var.cluster_name
  addon_name               = try(each.value.name, each.key)
  addon_version            = try(each.value.addon_version, null)
  configuration_values     = try(each.value.configuration_values, null)
  service_account_role_arn = try(each.value.service_account_role_arn, null)
}

resource "helm_release" "this" {
  for_each   = var.helm_releases
  name       = try(each.value.name, each.key)
  namespace  = try(each.value.namespace, null)
  repository = try(each.value.repository, null)
  chart      = try(each.value.chart, null)
  version    = try(each.value.chart_version, null)
  values     = try(each.value.values, null)
}

output "eks_addons" { value = aws_eks_addon.this }
