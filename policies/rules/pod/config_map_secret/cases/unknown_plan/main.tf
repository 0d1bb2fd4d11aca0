resource "terraform_data" "settings" {
  input = timestamp()
}

resource "kubernetes_config_map_v1" "settings" {
  metadata {
    name      = "settings"
    namespace = "shop"
  }
  data = { # want-unknown PLM-POD-033
    DB_PASSWORD = terraform_data.settings.output
  }
}
