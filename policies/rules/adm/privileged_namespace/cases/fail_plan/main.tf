resource "kubernetes_namespace_v1" "agents" {
  metadata {
    name = "agents"

    labels = {
      "pod-security.kubernetes.io/enforce" = "privileged" # want PLM-ADM-002
    }
  }
}
