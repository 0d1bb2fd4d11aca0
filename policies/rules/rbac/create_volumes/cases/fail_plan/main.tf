resource "kubernetes_cluster_role_v1" "provisioner" {
  metadata {
    name = "provisioner"
  }

  rule {
    api_groups = [""]
    resources  = ["persistentvolumes"] # want PLM-RBAC-012
    verbs      = ["get", "create"]
  }
}
