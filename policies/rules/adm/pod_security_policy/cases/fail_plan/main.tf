resource "kubectl_manifest" "restricted" {
  yaml_body = <<-YAML
    apiVersion: policy/v1beta1
    kind: PodSecurityPolicy
    metadata:
      name: restricted
    spec:
      privileged: false
      seLinux:
        rule: RunAsAny
  YAML
}
