resource "terraform_data" "settings" {
  input = timestamp()
}

resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    container {
      name  = "app"
      image = "registry.example.com/shop/web:1.4.2"
      security_context {
        seccomp_profile {
          type = terraform_data.settings.output # want-unknown PLM-POD-017
        }
      }
    }
  }
}
