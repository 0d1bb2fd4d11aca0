# METADATA
# title: PodSecurityPolicy objects are still relied on
# description: >-
#   Kubernetes 1.25 removed PodSecurityPolicy. On every version that EKS supports the
#   object is refused or ignored, and protects nothing.
# related_resources:
#   - description: Kubernetes, migrate from PodSecurityPolicy
#     ref: https://kubernetes.io/docs/tasks/configure-pod-container/migrate-from-psp/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-ADM-005
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Delete the policy and enforce a Pod Security level on the namespaces, or write what a level cannot say as an admission policy.
#     Kubernetes: labels: {pod-security.kubernetes.io/enforce: restricted}
#     Terraform: labels = { "pod-security.kubernetes.io/enforce" = "restricted" }
#   on: ["*/*/PodSecurityPolicy"]
#   controls:
#     eks-bpg: [pod-security]
#   aliases: [C-0068]
package plimsoll.rules.adm.pod_security_policy

import data.plimsoll.lib.result

deny contains result.at("kind", message) if {
	input.kind in {"policy/v1beta1/PodSecurityPolicy", "extensions/v1beta1/PodSecurityPolicy"}
	message := sprintf("PodSecurityPolicy %q protects nothing since Kubernetes 1.25", [input.name])
}
