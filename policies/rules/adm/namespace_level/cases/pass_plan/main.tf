resource "kubernetes_namespace_v1" "shop_web" {
  metadata {
    name = "shop-web"

    labels = {
      "pod-security.kubernetes.io/enforce" = "restricted"
    }
  }
}
