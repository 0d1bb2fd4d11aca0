resource "kubernetes_config_map_v1" "injector" {
  metadata {
    name      = "sidecar-injector"
    namespace = "mesh"
  }

  data = {
    config = <<-YAML
      containers:
        - name: proxy
          image: acme/proxy:1.0
          securityContext:
            runAsNonRoot: true
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
    YAML
  }
}
