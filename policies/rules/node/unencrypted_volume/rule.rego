# METADATA
# title: Node volume is not encrypted
# description: >-
#   Container layers, logs and emptyDir data lie on this volume in clear text, and so
#   do they in every snapshot of it.
# related_resources:
#   - description: Amazon EBS encryption
#     ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
#   - description: EKS best practices, data encryption and secrets management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html
# custom:
#   id: PLM-NODE-012
#   severity: medium
#   category: encryption
#   since: 0.1.0
#   formats: [K, T, C, E]
#   remediation: |
#     Encrypt the volume, or make encryption the account's default (aws_ebs_encryption_by_default).
#     Terraform: block_device_mappings { ebs { encrypted = true } }.
#     CloudFormation: BlockDeviceMappings[].Ebs.Encrypted: true.
#     eksctl: volumeEncrypted: true.
#     Karpenter: spec.blockDeviceMappings[].ebs.encrypted: true.
#   on: [launch_template, node_group]
#   reads: [kind, "volumes[*].encrypted", "volumes[*].kms_key"]
#   parameters:
#     - name: require_cmk
#       type: bool
#       default: false
#       description: Whether the volume must name a KMS key of your own.
#   controls:
#     securityhub: [EC2.3, EC2.7, EC2.181]
#     eks-bpg: [data-encryption]
#   aliases: [CKV_AWS_8]
package plimsoll.rules.node.unencrypted_volume

import data.plimsoll.lib.known
import data.plimsoll.lib.nodes
import data.plimsoll.lib.result

_params := data.plimsoll.params.node.unencrypted_volume

# A volume that says nothing is encrypted where the account encrypts by default,
# and not encrypted elsewhere: the canonical layer has filled that in.
deny contains result.at(sprintf("volumes[%d].encrypted", [i]), message) if {
	nodes.is_ours
	some i, volume in input.attr.volumes
	input.attr.volumes[i].encrypted == false
	message := sprintf("volume %s of %s is not encrypted", [_device(volume, i), nodes.subject])
}

deny contains result.at(sprintf("volumes[%d].kms_key", [i]), message) if {
	_params.require_cmk
	nodes.is_ours
	some i, volume in input.attr.volumes
	input.attr.volumes[i].encrypted == true
	not input.attr.volumes[i].kms_key
	not known.has_unknown_elements(input.unknown, input.partial, sprintf("volumes[%d].kms_key", [i]))
	message := sprintf("volume %s of %s is encrypted with no KMS key of yours", [_device(volume, i), nodes.subject])
}

_device(volume, _) := volume.device if volume.device

_device(volume, i) := sprintf("%d", [i]) if not volume.device
