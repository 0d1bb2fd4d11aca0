resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_cluster_role_v1" "signer" {
  metadata {
    name = "signer"
  }

  rule {
    api_groups = ["certificates.k8s.io"]
    resources  = ["signers"]
    verbs      = [terraform_data.settings.output] # want-unknown PLM-RBAC-011
  }
}
