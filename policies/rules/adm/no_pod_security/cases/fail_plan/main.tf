resource "kubernetes_namespace_v1" "shop" {
  metadata { # want PLM-ADM-001
    name = "shop"
  }
}

resource "kubernetes_namespace_v1" "cart" {
  metadata {
    name = "cart"

    labels = {
      "pod-security.kubernetes.io/enforce" = "baseline"
    }
  }
}
