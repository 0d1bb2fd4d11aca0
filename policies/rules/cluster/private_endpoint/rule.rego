# METADATA
# title: Private API endpoint is disabled
# description: >-
#   Nodes reach the API server over its public endpoint only. Their traffic leaves
#   the VPC, and the public endpoint can never be closed without cutting them off.
# related_resources:
#   - description: Cluster API server endpoint access control
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
#   - description: EKS best practices, VPC and subnet considerations
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html
# custom:
#   id: PLM-CLUSTER-003
#   severity: medium
#   category: exposure
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: |
#     Turn the private endpoint on.
#     Terraform: vpc_config { endpoint_private_access = true }.
#     CloudFormation: ResourcesVpcConfig.EndpointPrivateAccess: true.
#     eksctl: vpc.clusterEndpoints.privateAccess: true.
#   on: [eks_cluster]
#   needs: [endpoint.private_access, outpost]
#   controls:
#     cis-eks: ["5.4.2"]
#     eks-bpg: [subnets]
package plimsoll.rules.cluster.private_endpoint

import data.plimsoll.lib.result

# Local clusters on Outposts are always private.
deny contains result.at("endpoint.private_access", message) if {
	not input.attr.endpoint.private_access
	not input.attr.outpost
	message := sprintf("cluster %q has no private API endpoint", [input.name])
}
