resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"
  }
}

resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }

  spec {
    container {
      name  = "web"
      image = "nginx:1.29"
    }
  }
}

resource "kubernetes_network_policy_v1" "deny" {
  metadata {
    name      = "default-deny"
    namespace = "shop"
  }

  spec {
    pod_selector {}
    policy_types = ["Ingress"]
  }
}
