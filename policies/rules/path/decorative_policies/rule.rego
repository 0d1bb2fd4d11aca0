# METADATA
# title: NetworkPolicies exist but nothing enforces them
# description: >-
#   The author believes the pods are segmented. The VPC CNI add-on of the cluster is declared
#   without network policy support and no other engine is in sight, so every packet passes.
# related_resources:
#   - description: Limit pod traffic with Kubernetes network policies
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
#   - description: EKS Best Practices Guide, network security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html
# custom:
#   id: PLM-PATH-007
#   severity: high
#   category: segmentation
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   on: [network_policy]
#   remediation: >-
#     Set configuration_values = jsonencode({ enableNetworkPolicy = "true" }) on the vpc-cni add-on
#     (CloudFormation: ConfigurationValues, eksctl: configurationValues).
#   supersedes: [PLM-NET-015]
#   controls:
#     cis-eks: ["4.3.1", "5.4.4"]
#     eks-bpg: [network]
#   aliases: []
package plimsoll.rules.path.decorative_policies

import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains res if {
	engine := input.stack.facts.netpol_engine
	not engine.enforced
	count(engine.unknown) == 0
	policies := stack.documents("network_policy")
	count(policies) > 0
	some addon in _cni_addons
	message := sprintf(
		"%d NetworkPolicies, and the vpc-cni add-on that should enforce them is not told to (enableNetworkPolicy)",
		[count(policies)],
	)
	res := result.with_related(
		result.on(addon, "configuration.enableNetworkPolicy", message),
		[result.place(policy, "", sprintf("NetworkPolicy %s/%s has no effect", [policy.namespace, policy.name])) |
			some policy in policies
		],
	)
}

deny contains res if {
	engine := input.stack.facts.netpol_engine
	not engine.enforced
	count(stack.documents("network_policy")) > 0
	some gap in engine.unknown
	message := "whether the NetworkPolicies are enforced is not known before deployment"
	res := result.as_unknown(result.on(input.stack.documents[gap.document], gap.path, message), gap.reason)
}

_cni_addons contains addon if {
	some addon in stack.documents("eks_addon")
	addon.attr.name == "vpc-cni"
}
