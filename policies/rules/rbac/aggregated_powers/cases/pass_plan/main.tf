resource "kubernetes_cluster_role_v1" "widgets" {
  metadata {
    name = "widgets"

    labels = {
      "rbac.authorization.k8s.io/aggregate-to-edit" = "true"
    }
  }

  rule {
    api_groups = ["example.com"]
    resources  = ["widgets"]
    verbs      = ["get", "update"]
  }
}
