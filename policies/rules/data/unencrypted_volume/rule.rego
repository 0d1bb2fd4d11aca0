# METADATA
# title: EBS volume or snapshot copy is not encrypted
# description: >-
#   Data at rest lies in clear text, on the volume and in everything that is made of
#   it later.
# related_resources:
#   - description: Amazon EBS encryption
#     ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
#   - description: Security Hub, EC2.3
#     ref: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html
# custom:
#   id: PLM-DATA-004
#   severity: high
#   category: encryption
#   since: 0.1.0
#   formats: [T, C]
#   remediation: |
#     Encrypt the volume or the copy.
#     Terraform: encrypted = true. CloudFormation: Encrypted: true.
#   on: [ebs_volume, aws_ebs_snapshot_copy]
#   needs: [encrypted]
#   controls:
#     securityhub: [EC2.3]
#   aliases: [CKV_AWS_3]
package plimsoll.rules.data.unencrypted_volume

import data.plimsoll.lib.result

deny contains result.at("encrypted", message) if {
	input.type == "ebs_volume"
	not input.attr.encrypted == true
	message := sprintf("volume %q is not encrypted", [input.name])
}

# Snapshot copies have no canonical type.
deny contains result.at("encrypted", message) if {
	input.kind == "aws_ebs_snapshot_copy"
	not input.raw.encrypted == true
	message := sprintf("snapshot copy %q is not encrypted", [input.name])
}
