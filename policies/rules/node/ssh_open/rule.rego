# METADATA
# title: SSH to the nodes is open to the internet
# description: >-
#   Remote access is on with a key pair and without source security groups. EKS then
#   makes a security group of its own that lets the whole internet reach port 22 of
#   the nodes.
# related_resources:
#   - description: RemoteAccessConfig of the EKS API
#     ref: https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html
#   - description: EKS best practices, protecting the infrastructure
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/protecting-the-infrastructure.html
# custom:
#   id: PLM-NODE-003
#   severity: high
#   category: exposure
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: |
#     Drop remote access and use SSM Session Manager, or name the security groups that may connect.
#     Terraform: remote_access { source_security_group_ids = [aws_security_group.bastion.id] }.
#     CloudFormation: RemoteAccess.SourceSecurityGroups.
#     eksctl: ssh.sourceSecurityGroupIds.
#   on: [node_group]
#   needs: [remote_access.enabled, remote_access.source_security_groups]
#   controls:
#     eks-bpg: [hosts]
#   aliases: [CKV_AWS_100]
package plimsoll.rules.node.ssh_open

import data.plimsoll.lib.known
import data.plimsoll.lib.result

_sources := "remote_access.source_security_groups"

_lists_sources if count(input.attr.remote_access.source_security_groups) > 0

deny contains result.at("remote_access.enabled", message) if {
	input.attr.remote_access.enabled
	not known.has_unknown_elements(input.unknown, input.partial, _sources)
	not _lists_sources
	message := sprintf("node group %q allows SSH and names no source security groups, so port 22 is open to 0.0.0.0/0", [input.name])
}
