resource "kubectl_manifest" "restricted" {
  yaml_body = <<-YAML
    apiVersion: policy.example.com/v1
    kind: PodSecurityPolicy
    metadata:
      name: restricted
    spec:
      privileged: false
      seLinux:
        rule: RunAsAny
  YAML
}
