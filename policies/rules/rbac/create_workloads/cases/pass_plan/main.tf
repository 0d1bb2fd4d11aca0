resource "kubernetes_role_v1" "deployer" {
  metadata {
    name      = "deployer"
    namespace = "shop"
  }

  rule {
    api_groups = ["apps"]
    resources  = ["deployments"]
    verbs      = ["create"]
  }
}

resource "kubernetes_cluster_role_v1" "viewer" {
  metadata {
    name = "viewer"
  }

  rule {
    api_groups = ["apps"]
    resources  = ["deployments"]
    verbs      = ["get", "list"]
  }
}
