resource "kubectl_manifest" "deny" {
  yaml_body = <<-YAML
    apiVersion: constraints.gatekeeper.sh/v1beta1
    kind: K8sRequiredLabels
    metadata:
      name: deny
    spec:
      match:
        kinds:
          - apiGroups: [""]
            kinds: [Namespace]
  YAML
}
