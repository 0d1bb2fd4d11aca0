resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"

    labels = {
      "pod-security.kubernetes.io/enforce" = "restricted"
    }
  }
}

resource "kubernetes_namespace_v1" "cart" {
  metadata {
    name = "cart"
  }
}

resource "kubernetes_labels" "cart" {
  api_version = "v1"
  kind        = "Namespace"

  metadata {
    name = "cart"
  }

  labels = {
    "pod-security.kubernetes.io/enforce" = "baseline"
  }
}
