resource "terraform_data" "settings" {
  input = "baseline"
}

resource "kubernetes_config_map_v1" "injector" {
  metadata {
    name      = "sidecar-injector"
    namespace = "mesh"
  }

  data = { # want-unknown PLM-ADM-018
    config = terraform_data.settings.output
  }
}
