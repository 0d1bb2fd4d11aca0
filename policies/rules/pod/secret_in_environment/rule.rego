# METADATA
# title: Secret is exposed through the environment
# description: >-
#   Child processes inherit the environment, crash reports and debug pages print it,
#   and it does not change when the secret is rotated.
# related_resources:
#   - description: Secrets, using Secrets as files from a pod
#     ref: https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod
#   - description: EKS best practices, data encryption and secrets management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html
# custom:
#   id: PLM-POD-031
#   severity: low
#   category: secrets
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Mount the secret as a file, from the Secret or through the Secrets Store CSI driver.
#     Kubernetes: volumes: [{name: db, secret: {secretName: db}}]
#     Terraform:
#       volume {
#         name = "db"
#         secret { secret_name = "db" }
#       }
#   on: [workload]
#   reads: ["containers[*].env[*].valueFrom.secretKeyRef", "containers[*].envFrom[*].secretRef"]
#   controls:
#     cis-eks: ["4.4.1"]
#     eks-bpg: [data-encryption]
#   aliases: [C-0207, CKV_K8S_35, disallow_secrets_from_env_vars]
package plimsoll.rules.pod.secret_in_environment

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

deny contains result.at(sprintf("containers[%d].env[%d].valueFrom.secretKeyRef", [i, j]), message) if {
	some i, container in input.attr.containers
	some j, entry in pods.list(container.env)
	is_object(input.attr.containers[i].env[j].valueFrom.secretKeyRef)
	message := sprintf("%s of %s has a secret in the variable %s", [pods.label(container, i), pods.subject, pods.name(entry)])
}

deny contains result.at(sprintf("containers[%d].envFrom[%d].secretRef", [i, j]), message) if {
	some i, container in input.attr.containers
	some j, _ in pods.list(container.envFrom)
	is_object(input.attr.containers[i].envFrom[j].secretRef)
	secret := pods.name(input.attr.containers[i].envFrom[j].secretRef)
	message := sprintf("%s of %s has all of secret %q in its environment", [pods.label(container, i), pods.subject, secret])
}
