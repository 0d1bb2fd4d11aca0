resource "kubernetes_cluster_role_v1" "engine" {
  metadata {
    name = "engine"
  }

  rule {
    api_groups = ["admissionregistration.k8s.io"]
    resources  = ["mutatingwebhookconfigurations"]
    verbs      = ["get", "list"]
  }
}
