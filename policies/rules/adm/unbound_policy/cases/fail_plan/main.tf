resource "kubectl_manifest" "unbound" {
  yaml_body = <<-YAML
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicy
    metadata:
      name: unbound
    spec:
      matchConstraints:
        resourceRules:
          - apiGroups: [""]
            apiVersions: [v1]
            operations: [CREATE]
            resources: [pods]
      validations:
        - expression: "true"
  YAML
}
