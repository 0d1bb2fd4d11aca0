resource "aws_iam_user" "team" {
  name = "team"
}

resource "kubernetes_namespace_v1" "shop" {
  metadata {
    name = "shop" # want-unknown PLM-NET-016
  }
}

resource "kubernetes_pod_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }

  spec {
    container {
      name  = "web"
      image = "nginx:1.29"
    }
  }
}

resource "kubernetes_network_policy_v1" "default" {
  metadata {
    name      = "default"
    namespace = "shop"
  }

  spec {
    pod_selector {}

    policy_types = [aws_iam_user.team.unique_id == "" ? "Ingress" : "Egress"]
  }
}
