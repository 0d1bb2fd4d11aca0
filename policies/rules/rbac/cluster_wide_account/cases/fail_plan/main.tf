resource "kubernetes_cluster_role_v1" "reader" {
  metadata {
    name = "reader"
  }

  rule {
    api_groups = [""]
    resources  = ["pods"]
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
    name      = kubernetes_cluster_role_v1.reader.metadata[0].name
  }

  subject { # want PLM-RBAC-021
    kind      = "ServiceAccount"
    name      = "web"
    namespace = "shop"
  }
}
