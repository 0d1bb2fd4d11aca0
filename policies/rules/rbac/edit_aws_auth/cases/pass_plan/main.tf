resource "kubernetes_role_v1" "mapper" {
  metadata {
    name      = "mapper"
    namespace = "kube-system"
  }

  rule {
    api_groups     = [""]
    resources      = ["configmaps"]
    resource_names = ["aws-auth"]
    verbs          = ["get"]
  }
}
