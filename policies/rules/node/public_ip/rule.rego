# METADATA
# title: Nodes receive public IP addresses
# description: >-
#   Each node gets an address on the internet. Whatever listens on it, NodePorts and
#   host ports included, is then one security group rule away from everybody.
# related_resources:
#   - description: EKS best practices, deploy workers onto private subnets
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/protecting-the-infrastructure.html
#   - description: Amazon EKS networking requirements for VPC and subnets
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
# custom:
#   id: PLM-NODE-005
#   severity: high
#   category: exposure
#   since: 0.1.0
#   formats: [K, T, C, E]
#   remediation: |
#     Keep nodes in private subnets without public addresses.
#     Terraform: network_interfaces { associate_public_ip_address = false }.
#     CloudFormation: LaunchTemplateData.NetworkInterfaces[].AssociatePublicIpAddress: false.
#     eksctl: privateNetworking: true.
#     Karpenter: spec.associatePublicIPAddress: false.
#   on: [launch_template, node_group]
#   reads: [public_ip, "network_interfaces[*].public_ip"]
#   controls:
#     cis-eks: ["5.4.3"]
#     securityhub: [EC2.9, EC2.25]
#     eks-bpg: [hosts]
package plimsoll.rules.node.public_ip

import data.plimsoll.lib.nodes
import data.plimsoll.lib.result

_message := sprintf("%s gives its nodes public addresses", [nodes.subject])

deny contains result.at("public_ip", _message) if input.attr.public_ip == true

deny contains result.at(sprintf("network_interfaces[%d].public_ip", [i]), _message) if {
	some i, _ in input.attr.network_interfaces
	input.attr.network_interfaces[i].public_ip == true
}
