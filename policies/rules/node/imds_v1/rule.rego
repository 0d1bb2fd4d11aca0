# METADATA
# title: Node metadata service accepts IMDSv1
# description: >-
#   The instance metadata service answers requests without a session token. One
#   request forged on behalf of a pod is then enough to read the credentials of the
#   node's role.
# related_resources:
#   - description: Configure the instance metadata service
#     ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-NODE-001
#   severity: high
#   category: credentials
#   since: 0.1.0
#   formats: [K, T, C, E]
#   remediation: |
#     Require session tokens.
#     Terraform: metadata_options { http_tokens = "required" }.
#     CloudFormation: LaunchTemplateData.MetadataOptions.HttpTokens: required.
#     eksctl: disableIMDSv1: true.
#     Karpenter: spec.metadataOptions.httpTokens: required.
#   on: [launch_template, node_group]
#   reads: [kind, ami_type, imds.endpoint, imds.tokens]
#   controls:
#     securityhub: [EC2.8, EC2.170]
#     eks-bpg: [iam]
#   aliases: [CKV_AWS_79, AWS-0130]
package plimsoll.rules.node.imds_v1

import data.plimsoll.lib.known
import data.plimsoll.lib.nodes
import data.plimsoll.lib.result

_judged if {
	nodes.is_ours
	nodes.has_metadata_service
}

deny contains result.at("imds.tokens", message) if {
	_judged
	input.attr.imds.tokens == "optional"
	message := sprintf("%s accepts metadata requests without a token (IMDSv1)", [nodes.subject])
}

# Where the options are, or would be, in each source of launch templates.
_options := {
	"aws_launch_template": "metadata_options",
	"aws_launch_configuration": "metadata_options",
	"AWS::EC2::LaunchTemplate": "LaunchTemplateData.MetadataOptions",
	"AWS::AutoScaling::LaunchConfiguration": "MetadataOptions",
}

# What applies to an omission depends on the AMI and the account; where the
# account requires tokens, the canonical layer has said so.
deny contains result.at(object.get(_options, input.kind, ""), message) if {
	_judged
	input.type == "launch_template"
	not input.attr.imds.tokens
	known.left_out(input.unknown, "imds.tokens")
	message := sprintf("%s does not require metadata tokens, so IMDSv1 may be accepted", [nodes.subject])
}

# EKS makes the launch template then, and the AMI decides.
deny contains result.as_unknown(result.at("ami_type", message), reason) if {
	_judged
	nodes.has_eks_template
	not input.attr.imds.tokens
	not _requires_tokens
	message := sprintf("%s has no launch template; whether IMDSv1 is accepted depends on its AMI", [nodes.subject])
	reason := "the AMI decides, and it is not one that is known to require tokens"
}

_requires_tokens if startswith(input.attr.ami_type, "AL2023")

_requires_tokens if startswith(input.attr.ami_type, "BOTTLEROCKET")
