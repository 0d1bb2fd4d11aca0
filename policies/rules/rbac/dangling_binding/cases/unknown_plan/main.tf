resource "terraform_data" "settings" {
  input = "get"
}

resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"
  }
}

resource "kubernetes_service_account_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
}

resource "kubernetes_role_binding_v1" "view" {
  metadata {
    name      = "view"
    namespace = "shop"
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "view"
  }

  subject {
    kind      = "ServiceAccount"
    name      = terraform_data.settings.output # want-unknown PLM-RBAC-022
    namespace = "shop"
  }
}
