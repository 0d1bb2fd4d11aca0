resource "kubectl_manifest" "enforce" {
  yaml_body = <<-YAML
    apiVersion: kyverno.io/v1
    kind: ClusterPolicy
    metadata:
      name: enforce
    spec:
      rules:
        - name: a
          match:
            any:
              - resources:
                  kinds: [Pod]
          validate:
            failureAction: Enforce
            message: no
            pattern:
              spec:
                hostPID: false
  YAML
}
