# METADATA
# title: Secrets are not encrypted with your own KMS key
# description: >-
#   Nobody named a customer-managed KMS key for Kubernetes Secrets. From 1.28 EKS
#   encrypts all API data with a key that AWS owns, so what is missing is control
#   over the key and a trail of its use; on older versions Secrets have no envelope
#   encryption at all.
# related_resources:
#   - description: Encrypt Kubernetes secrets with KMS
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
#   - description: Default envelope encryption for all Kubernetes API data
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
#   - description: EKS best practices, data encryption and secrets management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html
# custom:
#   id: PLM-CLUSTER-013
#   severity: medium
#   category: encryption
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: |
#     Name a KMS key of your own for secrets; it cannot be removed again.
#     Terraform: encryption_config { resources = ["secrets"] provider { key_arn = aws_kms_key.eks.arn } }.
#     CloudFormation: EncryptionConfig: [{Resources: [secrets], Provider: {KeyArn: …}}].
#     eksctl: secretsEncryption.keyARN.
#   on: [eks_cluster]
#   needs: [encryption.secrets_cmk]
#   reads: [version]
#   parameters:
#     - name: severity_override_below
#       type: string
#       default: "1.28"
#       description: Versions before this one are reported with severity high.
#   controls:
#     cis-eks: ["5.3.1"]
#     securityhub: [EKS.3]
#     eks-bpg: [data-encryption]
#   aliases: [CKV_AWS_58, AWS-0039, C-0066]
package plimsoll.rules.cluster.secrets_encryption

import data.plimsoll.lib.result
import data.plimsoll.lib.versions

_params := data.plimsoll.params.cluster.secrets_encryption

_without_envelope if versions.minor(input.attr.version) < versions.minor(_params.severity_override_below)

_adjusted(res) := result.with_severity(res, "high") if _without_envelope

_adjusted(res) := res if not _without_envelope

deny contains _adjusted(result.at("encryption.secrets_cmk", message)) if {
	not input.attr.encryption.secrets_cmk
	message := sprintf("cluster %q encrypts Secrets with no KMS key of yours", [input.name])
}
