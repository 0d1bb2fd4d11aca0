resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"

    labels = { # want PLM-ADM-004
      "pod-security.kubernetes.io/enforce" = "baseline"
      "pod-security.kubernetes.io/audit"   = "restricted"
      "pod-security.kubernetes.io/warn"    = "restricted"
    }
  }
}
