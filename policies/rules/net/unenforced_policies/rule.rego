# METADATA
# title: Nothing enforces NetworkPolicies
# description: >-
#   The Amazon VPC CNI enforces NetworkPolicies only when told to, and nothing in what was
#   read tells it or brings another engine: any policy is decoration.
# related_resources:
#   - description: Limit pod traffic with Kubernetes network policies
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
#   - description: EKS Best Practices Guide, network security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html
# custom:
#   id: PLM-NET-015
#   severity: high
#   category: segmentation
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   advisory: true
#   on: [eks_cluster]
#   remediation: >-
#     Set configuration_values = jsonencode({ enableNetworkPolicy = "true" }) on the vpc-cni add-on, or
#     install a policy engine such as Calico or Cilium.
#   controls:
#     cis-eks: ["4.3.1", "5.4.4"]
#     eks-bpg: [network]
#   aliases: [C-0205, C-0230]
package plimsoll.rules.net.unenforced_policies

import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains res if {
	engine := input.stack.facts.netpol_engine
	not engine.enforced
	count(engine.unknown) == 0
	some cluster in stack.documents("eks_cluster")
	res := result.gap(cluster, sprintf("nothing that was read makes cluster %q enforce NetworkPolicies", [cluster.name]))
}

deny contains res if {
	engine := input.stack.facts.netpol_engine
	not engine.enforced
	some gap in engine.unknown
	message := "whether NetworkPolicies are enforced is not known before deployment"
	res := result.as_unknown(result.on(input.stack.documents[gap.document], gap.path, message), gap.reason)
}
