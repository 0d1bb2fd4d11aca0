resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"

    labels = {
      "admission.gatekeeper.sh/ignore" = "true" # want PLM-ADM-015
    }
  }
}
