resource "kubectl_manifest" "dry" {
  yaml_body = <<-YAML
    apiVersion: constraints.gatekeeper.sh/v1beta1
    kind: K8sRequiredLabels
    metadata:
      name: dry
    spec:
      enforcementAction: dryrun
      match:
        kinds:
          - apiGroups: [""]
            kinds: [Namespace]
  YAML
}
