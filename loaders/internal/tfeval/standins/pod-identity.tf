# What matters here of the pod identity module: the role, what is attached to it
# by name, and the service accounts that get it.

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.use_prefix ? null : var.name
  name_prefix          = var.use_prefix ? var.name : null
  path                 = var.path
  permissions_boundary = var.boundary
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = ["pods.eks.amazonaws.com"] } }] })
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each   = var.create ? var.policies : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_eks_pod_identity_association" "this" {
  for_each        = var.create ? var.associations : {}
  cluster_name    = try(each.value.cluster_name, var.association_defaults.cluster_name, null)
  namespace       = try(each.value.namespace, var.association_defaults.namespace, null)
  service_account = try(each.value.service_account, var.association_defaults.service_account, null)
  role_arn        = aws_iam_role.this[0].arn
}

output "iam_role_arn" { value = aws_iam_role.this[0].arn }
output "iam_role_name" { value = aws_iam_role.this[0].name }
