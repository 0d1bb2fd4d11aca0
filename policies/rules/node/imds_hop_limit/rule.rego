# METADATA
# title: IMDS hop limit lets pods reach node credentials
# description: >-
#   Answers of the instance metadata service may cross more than one hop, so that
#   they reach pods with a network of their own: any of them can take the node's
#   role.
# related_resources:
#   - description: Restrict access to the instance profile assigned to the worker node
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
#   - description: Configure the instance metadata service
#     ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
# custom:
#   id: PLM-NODE-002
#   severity: medium
#   category: credentials
#   since: 0.1.0
#   formats: [K, T, C, E]
#   remediation: |
#     Give pods roles of their own (IRSA or Pod Identity) first, then set the hop limit to 1.
#     Terraform: metadata_options { http_put_response_hop_limit = 1 }.
#     CloudFormation: LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit: 1.
#     eksctl: disablePodIMDS: true.
#     Karpenter: spec.metadataOptions.httpPutResponseHopLimit: 1.
#   on: [launch_template, node_group]
#   reads: [kind, imds.endpoint, imds.hop_limit]
#   parameters:
#     - name: max_hop_limit
#       type: int
#       default: 1
#       description: Largest hop limit that is accepted.
#   controls:
#     eks-bpg: [iam]
#   aliases: [CKV_AWS_341, C-0052, check_access_to_instance_profile]
package plimsoll.rules.node.imds_hop_limit

import data.plimsoll.lib.known
import data.plimsoll.lib.nodes
import data.plimsoll.lib.result

_params := data.plimsoll.params.node.imds_hop_limit

_judged if {
	nodes.is_ours
	nodes.has_metadata_service
}

deny contains result.at("imds.hop_limit", message) if {
	_judged
	input.attr.imds.hop_limit > _params.max_hop_limit
	message := sprintf("%s lets metadata answers cross %d hops", [nodes.subject, input.attr.imds.hop_limit])
}

# The launch template that EKS makes itself sets 2.
deny contains result.at("launch_template", message) if {
	_judged
	nodes.has_eks_template
	not input.attr.imds.hop_limit
	known.left_out(input.unknown, "imds.hop_limit")
	_params.max_hop_limit < 2
	message := sprintf("%s has no launch template, and the one EKS makes lets metadata answers cross 2 hops", [nodes.subject])
}
