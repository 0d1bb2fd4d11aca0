# What matters here of the karpenter module: the role of the nodes it
# starts, and the identity of its pods. The policy of the latter is not here.

resource "aws_iam_role" "node" {
  count              = var.create && var.create_node_role ? 1 : 0
  name               = var.use_prefix ? null : var.node_role_name
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ec2.amazonaws.com"] } }] })
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = var.create && var.create_node_role ? merge(
    { AmazonEKSWorkerNodePolicy = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" },
    var.attach_cni ? { AmazonEKS_CNI_Policy = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" } : {},
  ) : {}
  role       = aws_iam_role.node[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "node_additional" {
  for_each   = var.create && var.create_node_role ? { for k, v in coalesce(var.node_role_policies, {}) : tostring(k) => v } : {}
  role       = aws_iam_role.node[0].name
  policy_arn = each.value
}

resource "aws_iam_role" "controller" {
  count              = var.create && var.create_pod_identity ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = ["pods.eks.amazonaws.com"] } }] })
}

resource "aws_eks_pod_identity_association" "karpenter" {
  count           = var.create && var.create_pod_identity ? 1 : 0
  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.controller[0].arn
}

resource "aws_eks_access_entry" "node" {
  count         = var.create && var.create_access_entry ? 1 : 0
  cluster_name  = var.cluster_name
  principal_arn = aws_iam_role.node[0].arn
  type          = "EC2_LINUX"
}

output "node_iam_role_arn" { value = aws_iam_role.node[0].arn }
output "node_iam_role_name" { value = aws_iam_role.node[0].name }
