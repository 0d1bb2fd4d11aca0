# METADATA
# title: EBS StorageClass does not request encryption
# description: >-
#   Whether volumes of this class are encrypted is left to a setting of the AWS
#   account that nobody sees here. Where it is off, data of pods lies in clear text.
# related_resources:
#   - description: Parameters of the EBS CSI driver's StorageClass
#     ref: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
#   - description: EKS best practices, data encryption and secrets management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-encryption-and-secrets-management.html
# custom:
#   id: PLM-DATA-001
#   severity: high
#   category: encryption
#   since: 0.1.0
#   formats: [K, T]
#   remediation: 'Add the parameter encrypted: "true", a string, to the StorageClass.'
#   on: [storage_class]
#   needs: [encrypted]
#   reads: [provisioner]
#   controls:
#     securityhub: [EC2.3]
#     eks-bpg: [data-encryption]
#   aliases: [C-0264, use_encryption_with_ebs]
package plimsoll.rules.data.storage_class_encryption

import data.plimsoll.lib.result

_drivers := {"ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com"}

# Where the account encrypts by default and the set shows it, the canonical
# layer has filled that in.
deny contains result.at("encrypted", message) if {
	input.attr.provisioner in _drivers
	not input.attr.encrypted == true
	message := sprintf("StorageClass %q does not ask for encrypted volumes", [input.name])
}
