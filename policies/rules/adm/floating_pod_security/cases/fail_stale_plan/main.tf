resource "aws_eks_cluster" "harbour" {
  name     = "harbour"
  role_arn = "arn:aws:iam::111122223333:role/cluster"
  version  = "1.35"

  vpc_config {
    subnet_ids = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  }
}

resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"

    labels = {
      "pod-security.kubernetes.io/enforce"         = "baseline"
      "pod-security.kubernetes.io/enforce-version" = "v1.31" # want PLM-ADM-004
      "pod-security.kubernetes.io/audit"           = "restricted"
      "pod-security.kubernetes.io/warn"            = "restricted"
    }
  }
}
