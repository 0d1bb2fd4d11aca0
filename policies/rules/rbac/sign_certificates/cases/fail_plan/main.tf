resource "kubernetes_cluster_role_v1" "signer" {
  metadata {
    name = "signer"
  }

  rule {
    api_groups = ["certificates.k8s.io"]
    resources  = ["signers"] # want PLM-RBAC-011
    verbs      = ["sign"]
  }
}
