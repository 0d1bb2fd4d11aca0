resource "kubernetes_deployment_v1" "kyverno" {
  metadata {
    name      = "kyverno"
    namespace = "kyverno"
  }

  spec {
    replicas = "1" # want PLM-ADM-016

    selector {
      match_labels = {
        app = "kyverno"
      }
    }

    template {
      metadata {
        labels = {
          app = "kyverno"
        }
      }

      spec {
        container {
          name  = "manager"
          image = "reg.kyverno.io/kyverno/kyverno:v1.15.2"
        }

        topology_spread_constraint {
          max_skew           = 1
          topology_key       = "topology.kubernetes.io/zone"
          when_unsatisfiable = "ScheduleAnyway"
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "kyverno" {
  metadata {
    name      = "kyverno"
    namespace = "kyverno"
  }

  spec {
    min_available = "1"

    selector {
      match_labels = {
        app = "kyverno"
      }
    }
  }
}
