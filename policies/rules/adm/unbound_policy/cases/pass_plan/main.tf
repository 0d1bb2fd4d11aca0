resource "kubectl_manifest" "policy" {
  yaml_body = <<-YAML
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicy
    metadata:
      name: denies
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

resource "kubectl_manifest" "binding" {
  yaml_body = <<-YAML
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicyBinding
    metadata:
      name: denies
    spec:
      policyName: denies
      validationActions: [Deny]
  YAML
}
