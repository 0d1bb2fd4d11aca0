resource "kubectl_manifest" "template" {
  yaml_body = <<-YAML
    apiVersion: templates.gatekeeper.sh/v1
    kind: ConstraintTemplate
    metadata:
      name: k8srequiredlabels
    spec:
      crd:
        spec:
          names:
            kind: K8sRequiredLabels
      targets:
        - target: admission.k8s.gatekeeper.sh
          rego: |
            package x
  YAML
}
