resource "kubernetes_cluster_role_v1" "provisioner" {
  metadata {
    name = "provisioner"
  }

  rule {
    api_groups = [""]
    resources  = ["persistentvolumeclaims"]
    verbs      = ["create"]
  }
}
