resource "terraform_data" "settings" {
  input = "baseline"
}

resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop"

    labels = { # want-unknown PLM-ADM-004
      "pod-security.kubernetes.io/enforce"         = "baseline"
      "pod-security.kubernetes.io/enforce-version" = terraform_data.settings.output
      "pod-security.kubernetes.io/audit"           = "restricted"
      "pod-security.kubernetes.io/warn"            = "restricted"
    }
  }
}
