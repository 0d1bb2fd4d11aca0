terraform {
  required_providers {
    kubernetes = { source = "hashicorp/kubernetes" }
  }
}

provider "kubernetes" {
  host     = "http://127.0.0.1:18080"
  token    = "none"
}

resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name   = "shop"
    labels = { "pod-security.kubernetes.io/enforce" = "baseline" }
  }
}

resource "kubernetes_service_account_v1" "web" {
  metadata {
    name        = "web"
    namespace   = "shop"
    annotations = { "eks.amazonaws.com/role-arn" = "arn:aws:iam::111122223333:role/web" }
  }
  automount_service_account_token = false
  image_pull_secret { name = "registry" }
  secret { name = "web-token" }
}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name        = "web"
    namespace   = "shop"
    labels      = { app = "web" }
    annotations = { note = "1" }
  }
  wait_for_rollout = false
  spec {
    replicas                  = 3
    min_ready_seconds         = 5
    revision_history_limit    = 4
    progress_deadline_seconds = 300
    strategy {
      type = "RollingUpdate"
      rolling_update {
        max_surge       = "25%"
        max_unavailable = "1"
      }
    }
    selector {
      match_labels = { app = "web" }
      match_expressions {
        key      = "tier"
        operator = "In"
        values   = ["front", "edge"]
      }
    }
    template {
      metadata {
        labels      = { app = "web", tier = "front" }
        annotations = { "prometheus.io/scrape" = "true" }
      }
      spec {
        service_account_name             = "web"
        automount_service_account_token  = true
        host_network                     = true
        host_pid                         = true
        host_ipc                         = true
        share_process_namespace          = true
        enable_service_links             = false
        dns_policy                       = "None"
        hostname                         = "web"
        subdomain                        = "sub"
        node_name                        = "node-1"
        node_selector                    = { "kubernetes.io/os" = "linux" }
        priority_class_name              = "high"
        restart_policy                   = "Always"
        runtime_class_name               = "gvisor"
        scheduler_name                   = "custom"
        termination_grace_period_seconds = 20
        active_deadline_seconds          = 600
        os { name = "linux" }
        dns_config {
          nameservers = ["1.1.1.1"]
          searches    = ["example.com"]
          option {
            name  = "ndots"
            value = "2"
          }
        }
        host_aliases {
          ip        = "10.0.0.1"
          hostnames = ["a.example.com", "b.example.com"]
        }
        image_pull_secrets { name = "registry" }
        readiness_gate { condition_type = "ready.example.com" }
        security_context {
          run_as_user            = 1000
          run_as_group           = "2000"
          run_as_non_root        = true
          fs_group               = 3000
          fs_group_change_policy = "OnRootMismatch"
          supplemental_groups    = [4000, 5000]
          seccomp_profile {
            type              = "Localhost"
            localhost_profile = "profiles/web.json"
          }
          se_linux_options {
            level = "s0:c1"
            type  = "container_t"
          }
          sysctl {
            name  = "net.core.somaxconn"
            value = "1024"
          }
        }
        toleration {
          key                = "dedicated"
          operator           = "Equal"
          value              = "web"
          effect             = "NoExecute"
          toleration_seconds = "60"
        }
        toleration { operator = "Exists" }
        topology_spread_constraint {
          max_skew           = 2
          topology_key       = "topology.kubernetes.io/zone"
          when_unsatisfiable = "ScheduleAnyway"
          match_label_keys   = ["app"]
          label_selector {
            match_labels = { app = "web" }
          }
        }
        affinity {
          node_affinity {
            required_during_scheduling_ignored_during_execution {
              node_selector_term {
                match_expressions {
                  key      = "kubernetes.io/arch"
                  operator = "In"
                  values   = ["amd64"]
                }
                match_fields {
                  key      = "metadata.name"
                  operator = "NotIn"
                  values   = ["bad"]
                }
              }
            }
            preferred_during_scheduling_ignored_during_execution {
              weight = 10
              preference {
                match_expressions {
                  key      = "spot"
                  operator = "DoesNotExist"
                }
              }
            }
          }
          pod_affinity {
            required_during_scheduling_ignored_during_execution {
              topology_key = "kubernetes.io/hostname"
              namespaces   = ["shop"]
              label_selector {
                match_labels = { app = "db" }
              }
            }
          }
          pod_anti_affinity {
            preferred_during_scheduling_ignored_during_execution {
              weight = 100
              pod_affinity_term {
                topology_key = "kubernetes.io/hostname"
                label_selector {
                  match_expressions {
                    key      = "app"
                    operator = "In"
                    values   = ["web"]
                  }
                }
              }
            }
          }
        }
        init_container {
          name    = "prep"
          image   = "busybox:1.36"
          command = ["sh", "-c", "true"]
          restart_policy = "Always"
          volume_mount {
            name       = "cache"
            mount_path = "/cache"
          }
        }
        container {
          name                       = "main"
          image                      = "example.com/web:1.2.3"
          image_pull_policy          = "IfNotPresent"
          args                       = ["--verbose"]
          command                    = ["/web"]
          working_dir                = "/srv"
          stdin                      = true
          tty                        = true
          termination_message_policy = "FallbackToLogsOnError"
          env {
            name  = "PLAIN"
            value = "yes"
          }
          env {
            name = "FROM_SECRET"
            value_from {
              secret_key_ref {
                name     = "db"
                key      = "password"
                optional = true
              }
            }
          }
          env {
            name = "FROM_MAP"
            value_from {
              config_map_key_ref {
                name = "conf"
                key  = "k"
              }
            }
          }
          env {
            name = "POD_IP"
            value_from {
              field_ref { field_path = "status.podIP" }
            }
          }
          env {
            name = "CPU"
            value_from {
              resource_field_ref {
                resource = "limits.cpu"
                divisor  = "1m"
              }
            }
          }
          env_from {
            prefix = "P_"
            config_map_ref { name = "conf" }
          }
          env_from {
            secret_ref {
              name     = "all"
              optional = true
            }
          }
          port {
            name           = "http"
            container_port = 8080
            host_port      = 80
            host_ip        = "0.0.0.0"
            protocol       = "TCP"
          }
          resources {
            limits   = { cpu = "1", memory = "512Mi" }
            requests = { cpu = "100m", memory = "128Mi" }
          }
          security_context {
            privileged                 = true
            allow_privilege_escalation = true
            read_only_root_filesystem  = true
            run_as_user                = 0
            run_as_group               = "0"
            run_as_non_root            = false
            capabilities {
              add  = ["NET_ADMIN", "SYS_TIME"]
              drop = ["ALL"]
            }
            seccomp_profile { type = "Unconfined" }
            se_linux_options { role = "r" }
          }
          lifecycle {
            post_start {
              exec { command = ["echo", "hi"] }
            }
            pre_stop {
              http_get {
                path = "/stop"
                port = 8080
                http_header {
                  name  = "X-A"
                  value = "b"
                }
              }
            }
          }
          liveness_probe {
            initial_delay_seconds = 3
            http_get {
              host   = "169.254.169.254"
              path   = "/healthz"
              port   = "8080"
              scheme = "HTTP"
            }
          }
          readiness_probe {
            tcp_socket { port = "http" }
          }
          startup_probe {
            grpc {
              port    = 9000
              service = "health"
            }
          }
          volume_mount {
            name              = "root"
            mount_path        = "/host"
            read_only         = true
            sub_path          = "x"
            mount_propagation = "HostToContainer"
          }
          volume_device {
            name        = "block"
            device_path = "/dev/xvda"
          }
        }
        volume {
          name = "root"
          host_path {
            path = "/"
            type = "Directory"
          }
        }
        volume {
          name = "cache"
          empty_dir {
            medium     = "Memory"
            size_limit = "64Mi"
          }
        }
        volume {
          name = "scratch"
          empty_dir {}
        }
        volume {
          name = "conf"
          config_map {
            name         = "conf"
            default_mode = "0644"
            optional     = true
            items {
              key  = "k"
              path = "p"
              mode = "0400"
            }
          }
        }
        volume {
          name = "sec"
          secret {
            secret_name  = "db"
            default_mode = "0440"
            items {
              key  = "password"
              path = "pw"
            }
          }
        }
        volume {
          name = "claim"
          persistent_volume_claim {
            claim_name = "data"
            read_only  = true
          }
        }
        volume {
          name = "csi"
          csi {
            driver            = "secrets-store.csi.k8s.io"
            read_only         = true
            volume_attributes = { secretProviderClass = "aws" }
            node_publish_secret_ref { name = "ref" }
          }
        }
        volume {
          name = "proj"
          projected {
            default_mode = "0600"
            sources {
              service_account_token {
                audience           = "sts.amazonaws.com"
                expiration_seconds = 3600
                path               = "token"
              }
            }
            sources {
              config_map {
                name = "conf"
                items {
                  key  = "k"
                  path = "p"
                }
              }
            }
            sources {
              secret { name = "db" }
            }
            sources {
              downward_api {
                items {
                  path = "labels"
                  field_ref { field_path = "metadata.labels" }
                }
              }
            }
          }
        }
        volume {
          name = "down"
          downward_api {
            items {
              path = "cpu"
              mode = "0444"
              field_ref { field_path = "metadata.name" }
              resource_field_ref {
                container_name = "main"
                resource       = "limits.cpu"
              }
            }
          }
        }
        volume {
          name = "eph"
          ephemeral {
            volume_claim_template {
              metadata {
                labels = { a = "b" }
              }
              spec {
                access_modes       = ["ReadWriteOnce"]
                storage_class_name = "gp3"
                resources {
                  requests = { storage = "1Gi" }
                }
              }
            }
          }
        }
        volume {
          name = "nfs"
          nfs {
            server = "10.0.0.2"
            path   = "/x"
          }
        }
      }
    }
  }
}

resource "kubernetes_daemon_set_v1" "agent" {
  metadata {
    name      = "agent"
    namespace = "kube-system"
  }
  wait_for_rollout = false
  spec {
    strategy {
      type = "OnDelete"
    }
    selector {
      match_labels = { app = "agent" }
    }
    template {
      metadata {
        labels = { app = "agent" }
      }
      spec {
        container {
          name  = "agent"
          image = "example.com/agent@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        }
      }
    }
  }
}

resource "kubernetes_stateful_set_v1" "db" {
  metadata {
    name      = "db"
    namespace = "shop"
  }
  wait_for_rollout = false
  spec {
    service_name          = "db"
    replicas              = "2"
    pod_management_policy = "Parallel"
    selector {
      match_labels = { app = "db" }
    }
    update_strategy {
      type = "RollingUpdate"
      rolling_update { partition = 1 }
    }
    persistent_volume_claim_retention_policy {
      when_deleted = "Delete"
      when_scaled  = "Retain"
    }
    template {
      metadata {
        labels = { app = "db" }
      }
      spec {
        container {
          name  = "db"
          image = "postgres"
        }
      }
    }
    volume_claim_template {
      metadata { name = "data" }
      spec {
        access_modes = ["ReadWriteOnce"]
        resources {
          requests = { storage = "10Gi" }
        }
        selector {
          match_labels = { tier = "db" }
        }
      }
    }
  }
}

resource "kubernetes_cron_job_v1" "nightly" {
  metadata {
    name      = "nightly"
    namespace = "shop"
  }
  spec {
    schedule           = "0 3 * * *"
    timezone           = "Etc/UTC"
    concurrency_policy = "Forbid"
    job_template {
      metadata {
        labels = { job = "nightly" }
      }
      spec {
        backoff_limit              = 2
        ttl_seconds_after_finished = "30"
        completions                = 2
        parallelism                = 2
        completion_mode            = "Indexed"
        pod_failure_policy {
          rule {
            action = "FailJob"
            on_exit_codes {
              container_name = "job"
              operator       = "In"
              values         = [1, 2]
            }
          }
          rule {
            action = "Ignore"
            on_pod_condition {
              type   = "DisruptionTarget"
              status = "True"
            }
          }
        }
        template {
          metadata {}
          spec {
            restart_policy = "Never"
            container {
              name  = "job"
              image = "example.com/job:1"
              security_context { run_as_user = "0" }
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_job_v1" "once" {
  metadata {
    generate_name = "once-"
    namespace     = "shop"
  }
  wait_for_completion = false
  spec {
    template {
      metadata {}
      spec {
        container {
          name  = "job"
          image = "example.com/job"
        }
      }
    }
  }
}

resource "kubernetes_pod" "debug" {
  metadata { name = "debug" }
  spec {
    container {
      name  = "sh"
      image = "busybox"
    }
  }
}

resource "kubernetes_service_v1" "web" {
  metadata {
    name        = "web"
    namespace   = "shop"
    annotations = { "service.beta.kubernetes.io/aws-load-balancer-type" = "external" }
  }
  wait_for_load_balancer = false
  spec {
    type                        = "LoadBalancer"
    cluster_ip                  = "10.1.2.3"
    external_ips                = ["192.0.2.1"]
    external_traffic_policy     = "Local"
    load_balancer_class         = "service.k8s.aws/nlb"
    load_balancer_ip            = "192.0.2.9"
    load_balancer_source_ranges = ["10.0.0.0/8"]
    publish_not_ready_addresses = true
    selector                    = { app = "web" }
    session_affinity            = "ClientIP"
    session_affinity_config {
      client_ip { timeout_seconds = 60 }
    }
    port {
      name         = "http"
      port         = 80
      target_port  = "8080"
      node_port    = 30080
      app_protocol = "http"
    }
    port {
      name        = "https"
      port        = 443
      target_port = "https"
    }
  }
}

resource "kubernetes_ingress_v1" "web" {
  metadata {
    name        = "web"
    namespace   = "shop"
    annotations = { "alb.ingress.kubernetes.io/scheme" = "internet-facing" }
  }
  spec {
    ingress_class_name = "alb"
    default_backend {
      service {
        name = "web"
        port { number = 80 }
      }
    }
    tls {
      hosts       = ["shop.example.com"]
      secret_name = "tls"
    }
    rule {
      host = "shop.example.com"
      http {
        path {
          path      = "/api"
          path_type = "Prefix"
          backend {
            service {
              name = "api"
              port { name = "http" }
            }
          }
        }
        path {
          path = "/static"
          backend {
            resource {
              api_group = "k8s.example.com"
              kind      = "Bucket"
              name      = "static"
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_ingress_class_v1" "alb" {
  metadata { name = "alb" }
  spec {
    controller = "ingress.k8s.aws/alb"
    parameters {
      api_group = "elbv2.k8s.aws"
      kind      = "IngressClassParams"
      name      = "alb"
    }
  }
}

resource "kubernetes_network_policy_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    pod_selector {
      match_expressions {
        key      = "app"
        operator = "In"
        values   = ["web"]
      }
    }
    policy_types = ["Ingress", "Egress"]
    ingress {
      ports {
        port     = "8080"
        protocol = "TCP"
        end_port = 8090
      }
      ports { port = "http" }
      from {
        namespace_selector {
          match_labels = { team = "a" }
        }
        pod_selector {}
      }
      from {
        ip_block {
          cidr   = "10.0.0.0/8"
          except = ["10.1.0.0/16"]
        }
      }
    }
    egress {}
  }
}

resource "kubernetes_network_policy_v1" "deny" {
  metadata {
    name      = "deny"
    namespace = "shop"
  }
  spec {
    pod_selector {}
    policy_types = ["Ingress"]
  }
}

resource "kubernetes_role_v1" "edit" {
  metadata {
    name      = "edit"
    namespace = "shop"
  }
  rule {
    api_groups     = ["", "apps"]
    resources      = ["pods", "deployments"]
    resource_names = ["web"]
    verbs          = ["get", "list"]
  }
}

resource "kubernetes_cluster_role_v1" "all" {
  metadata {
    name   = "all"
    labels = { "rbac.authorization.k8s.io/aggregate-to-edit" = "true" }
  }
  aggregation_rule {
    cluster_role_selectors {
      match_labels = { a = "b" }
    }
  }
  rule {
    non_resource_urls = ["/metrics"]
    verbs             = ["get"]
  }
}

resource "kubernetes_cluster_role_binding_v1" "anon" {
  metadata { name = "anon" }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "cluster-admin"
  }
  subject {
    kind      = "Group"
    name      = "system:unauthenticated"
    api_group = "rbac.authorization.k8s.io"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "web"
    namespace = "shop"
  }
}

resource "kubernetes_storage_class_v1" "gp3" {
  metadata {
    name        = "gp3"
    annotations = { "storageclass.kubernetes.io/is-default-class" = "true" }
  }
  storage_provisioner    = "ebs.csi.aws.com"
  reclaim_policy         = "Retain"
  volume_binding_mode    = "WaitForFirstConsumer"
  allow_volume_expansion = true
  mount_options          = ["noatime"]
  parameters             = { type = "gp3", encrypted = "true", kmsKeyId = "alias/x" }
  allowed_topologies {
    match_label_expressions {
      key    = "topology.kubernetes.io/zone"
      values = ["eu-central-1a"]
    }
  }
}

resource "kubernetes_persistent_volume_v1" "efs" {
  metadata { name = "efs" }
  spec {
    capacity                         = { storage = "5Gi" }
    access_modes                     = ["ReadWriteMany"]
    mount_options                    = ["tls"]
    persistent_volume_reclaim_policy = "Retain"
    storage_class_name               = "efs"
    volume_mode                      = "Filesystem"
    persistent_volume_source {
      csi {
        driver            = "efs.csi.aws.com"
        volume_handle     = "fs-1::fsap-2"
        volume_attributes = { encryptInTransit = "false" }
      }
    }
    claim_ref {
      name      = "data"
      namespace = "shop"
    }
    node_affinity {
      required {
        node_selector_term {
          match_expressions {
            key      = "zone"
            operator = "In"
            values   = ["a"]
          }
        }
      }
    }
  }
}

resource "kubernetes_persistent_volume_claim_v1" "data" {
  metadata {
    name      = "data"
    namespace = "shop"
  }
  wait_until_bound = false
  spec {
    access_modes = ["ReadWriteOnce"]
    volume_name  = "efs"
    selector {
      match_labels = { a = "b" }
    }
    resources {
      requests = { storage = "5Gi" }
      limits   = { storage = "6Gi" }
    }
  }
}

resource "kubernetes_config_map_v1" "conf" {
  metadata {
    name      = "conf"
    namespace = "shop"
  }
  data        = { k = "v" }
  binary_data = { b = "AAEC" }
  immutable   = true
}

resource "kubernetes_secret_v1" "db" {
  metadata {
    name      = "db"
    namespace = "shop"
  }
  type        = "Opaque"
  data        = { password = "not-a-real-one" }
}

resource "kubernetes_pod_disruption_budget_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    min_available = "50%"
    selector {
      match_labels = { app = "web" }
    }
  }
}

resource "kubernetes_horizontal_pod_autoscaler_v2" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    min_replicas = 2
    max_replicas = 5
    scale_target_ref {
      api_version = "apps/v1"
      kind        = "Deployment"
      name        = "web"
    }
    metric {
      type = "Resource"
      resource {
        name = "cpu"
        target {
          type                = "Utilization"
          average_utilization = 70
        }
      }
    }
    metric {
      type = "External"
      external {
        metric {
          name = "queue"
          selector {
            match_labels = { q = "a" }
          }
        }
        target {
          type  = "Value"
          value = "10"
        }
      }
    }
    behavior {
      scale_down {
        stabilization_window_seconds = 60
        select_policy                = "Min"
        policy {
          type           = "Pods"
          value          = 1
          period_seconds = 60
        }
      }
    }
  }
}

resource "kubernetes_validating_webhook_configuration_v1" "hook" {
  metadata { name = "hook" }
  webhook {
    name                      = "hook.example.com"
    admission_review_versions = ["v1"]
    failure_policy            = "Ignore"
    match_policy              = "Exact"
    side_effects              = "None"
    timeout_seconds           = 20
    client_config {
      service {
        name      = "hook"
        namespace = "shop"
        path      = "/validate"
        port      = 8443
      }
      ca_bundle = "Q0E="
    }
    namespace_selector {
      match_expressions {
        key      = "kubernetes.io/metadata.name"
        operator = "NotIn"
        values   = ["kube-system"]
      }
    }
    object_selector {
      match_labels = { a = "b" }
    }
    rule {
      api_groups   = ["*"]
      api_versions = ["*"]
      operations   = ["CREATE"]
      resources    = ["pods"]
      scope        = "Namespaced"
    }
  }
}

resource "kubernetes_limit_range_v1" "limits" {
  metadata {
    name      = "limits"
    namespace = "shop"
  }
  spec {
    limit {
      type            = "Container"
      default         = { memory = "256Mi" }
      default_request = { memory = "128Mi" }
      max             = { cpu = "2" }
    }
  }
}

resource "kubernetes_resource_quota_v1" "quota" {
  metadata {
    name      = "quota"
    namespace = "shop"
  }
  spec {
    hard   = { pods = "10" }
    scopes = ["BestEffort"]
  }
}

resource "kubernetes_priority_class_v1" "high" {
  metadata { name = "high" }
  value             = 1000
  global_default    = true
  description       = "important"
  preemption_policy = "Never"
}

resource "kubernetes_runtime_class_v1" "gvisor" {
  metadata { name = "gvisor" }
  handler = "runsc"
}
