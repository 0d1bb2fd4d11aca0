resource "terraform_data" "settings" {
  input = timestamp()
}

resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
    labels = {
      "plimsoll.dev/trust" = "untrusted"
    }
  }
  spec {
    runtime_class_name = terraform_data.settings.output # want-unknown PLM-POD-046
    container {
      name  = "app"
      image = "registry.example.com/shop/web:1.4.2"
    }
  }
}
