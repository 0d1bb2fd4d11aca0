resource "kubernetes_config_map_v1" "settings" {
  metadata {
    name      = "settings"
    namespace = "shop"
  }
  data = {
    MODE = "fast"
  }
}
