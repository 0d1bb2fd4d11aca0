resource "kubernetes_cluster_role_v1" "cleaner" {
  metadata {
    name = "cleaner"
  }

  rule {
    api_groups = [""]
    resources  = ["pods"] # want PLM-RBAC-023
    verbs      = ["deletecollection"]
  }
}
