# METADATA
# title: EKS API endpoint is open to the internet
# description: >-
#   The API server of this cluster answers to every address. Authentication still
#   stands in front of it, but a leaked credential or a flaw in the API server can
#   then be used from anywhere.
# related_resources:
#   - description: Cluster API server endpoint access control
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
# custom:
#   id: PLM-CLUSTER-001
#   severity: high
#   category: exposure
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: Turn the public endpoint off, or list your own networks as its allowed CIDRs.
#   on: [eks_cluster]
#   needs: [endpoint.public_access]
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
package plimsoll.rules.cluster.public_endpoint

import data.plimsoll.lib.result

_params := data.plimsoll.params.cluster.public_endpoint

deny contains result.at(sprintf("endpoint.public_cidrs[%d]", [i]), message) if {
	input.attr.endpoint.public_access
	some i, cidr in input.attr.endpoint.public_cidrs
	cidr in _params.forbidden_cidrs
	message := sprintf("cluster %q accepts API connections from %s", [input.name, cidr])
}
