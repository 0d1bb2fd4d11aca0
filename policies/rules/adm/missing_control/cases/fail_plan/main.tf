resource "kubectl_manifest" "owner" {
  yaml_body = <<-YAML
    apiVersion: constraints.gatekeeper.sh/v1beta1
    kind: K8sRequiredLabels
    metadata:
      name: owner
    spec:
      match:
        kinds:
          - apiGroups: [""]
            kinds: [Namespace]
  YAML
}
