# METADATA
# title: EKS API endpoint is open to the internet
# description: >-
#   The API server of this cluster answers to every address. Authentication still
#   stands in front of it, but a leaked credential or a flaw in the API server can
#   then be used from anywhere.
# related_resources:
#   - description: Cluster API server endpoint access control
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-CLUSTER-001
#   severity: high
#   category: exposure
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: |
#     Turn the public endpoint off, or list your own networks as its allowed CIDRs.
#     Terraform: vpc_config { endpoint_public_access = false } or public_access_cidrs = ["203.0.113.0/24"].
#     CloudFormation: ResourcesVpcConfig.EndpointPublicAccess: false or PublicAccessCidrs.
#     eksctl: vpc.clusterEndpoints.publicAccess: false or vpc.publicAccessCIDRs.
#   on: [eks_cluster]
#   needs: [endpoint.public_access, outpost]
#   reads: [endpoint.public_cidrs]
#   parameters:
#     - name: forbidden_cidrs
#       type: list(string)
#       default: ["0.0.0.0/0", "::/0"]
#       description: Networks that count as the whole internet.
#   controls:
#     cis-eks: ["5.4.1", "5.4.2"]
#     securityhub: [EKS.1]
#     eks-bpg: [iam]
#   aliases: [CKV_AWS_38, CKV_AWS_39, AWS-0040, AWS-0041]
#   supersedes: [PLM-CLUSTER-002]
package plimsoll.rules.cluster.public_endpoint

import data.plimsoll.lib.cidr
import data.plimsoll.lib.result

_params := data.plimsoll.params.cluster.public_endpoint

# The API server of a local cluster on an Outpost has no public endpoint,
# whatever the attribute says.
_public if {
	input.attr.endpoint.public_access
	not input.attr.outpost
}

_cidrs := input.attr.endpoint.public_cidrs

_open(network) if {
	some forbidden in _params.forbidden_cidrs
	cidr.covers(network, forbidden)
}

deny contains result.at(sprintf("endpoint.public_cidrs[%d]", [i]), message) if {
	_public
	some i, network in _cidrs
	_open(network)
	message := sprintf("cluster %q accepts API connections from %s", [input.name, network])
}

# Halves of the internet, side by side.
deny contains result.at("endpoint.public_cidrs", message) if {
	_public
	every network in _cidrs {
		not _open(network)
	}
	some network in cidr.merged(_cidrs)
	_open(network)
	message := sprintf("cluster %q accepts API connections from networks that add up to %s", [input.name, network])
}
