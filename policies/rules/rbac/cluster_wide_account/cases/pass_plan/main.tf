resource "kubernetes_cluster_role_v1" "reader" {
  metadata {
    name = "reader"
  }

  rule {
    api_groups = [""]
    resources  = ["pods", "nodes"]
    verbs      = ["get", "list"]
  }
}

resource "kubernetes_cluster_role_binding_v1" "reader" {
  metadata {
    name = "reader"
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "reader"
  }

  subject {
    kind      = "ServiceAccount"
    name      = "web"
    namespace = "shop"
  }
}
