resource "kubernetes_cluster_role_v1" "widgets" {
  metadata {
    name = "widgets"

    labels = {
      "rbac.authorization.k8s.io/aggregate-to-edit" = "true"
    }
  }

  rule { # want PLM-RBAC-020
    api_groups = [""]
    resources  = ["pods/exec"]
    verbs      = ["create"]
  }
}
