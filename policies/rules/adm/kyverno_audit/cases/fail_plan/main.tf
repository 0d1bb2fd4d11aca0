resource "kubectl_manifest" "audit" {
  yaml_body = <<-YAML
    apiVersion: kyverno.io/v1
    kind: ClusterPolicy
    metadata:
      name: audit
    spec:
      validationFailureAction: Audit
      rules:
        - name: a
          match:
            any:
              - resources:
                  kinds: [Pod]
          validate:
            message: no
            pattern:
              spec:
                hostPID: false
  YAML
}
