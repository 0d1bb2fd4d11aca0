# METADATA
# title: Node or cluster security group open to the world
# description: >-
#   Every NodePort, the kubelet and every daemon of the nodes can be reached from any address.
# related_resources:
#   - description: Amazon EKS security group requirements
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
#   - description: EKS Best Practices Guide, network security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html
# custom:
#   id: PLM-NET-001
#   severity: critical
#   category: exposure
#   since: 0.1.0
#   formats: [T, C]
#   scope: stack
#   on: [security_group, security_group_rule]
#   remediation: >-
#     Name the security groups of the load balancers and of the control plane as sources, with the ports
#     they use, in place of an open network.
#   parameters:
#     - name: min_span
#       type: int
#       default: 60000
#       description: How many ports a rule covers before it counts as all ports.
#   controls:
#     securityhub: [EC2.18, EC2.19]
#     eks-bpg: [network]
#   aliases: [CKV_AWS_24, CKV_AWS_25, CKV_AWS_260]
package plimsoll.rules.net.open_security_group

import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.net.open_security_group

deny contains res if {
	some group in stack.documents("security_group")
	_guards_cluster(group)
	some found in _rules(group)
	found.rule.direction == "ingress"
	_all_ports(found.rule)
	some source in _sources(found)
	source.cidr in {"0.0.0.0/0", "::/0"}
	message := sprintf("security group %q admits %s on all ports", [group.name, source.cidr])
	res := result.with_related(
		result.on(found.document, source.path, message),
		[result.place(user, "", "guarded by this group") | some user in _users(group)],
	)
}

deny contains res if {
	some group in stack.documents("security_group")
	_guards_cluster(group)
	some found in _rules(group)
	object.get(found.rule, "direction", "ingress") == "ingress"
	_all_ports(found.rule)
	some path in _unknown_sources(found)
	message := sprintf("whom security group %q admits on all ports is not known before deployment", [group.name])
	res := result.as_unknown(result.on(found.document, path, message), "the source network is not known yet")
}

_users(group) := array.concat(
	stack.backlinked("security_groups_of", group.id),
	[],
)

_guards_cluster(group) if count(_users(group)) > 0

_guards_cluster(group) if {
	some key, _ in group.attr.tags
	startswith(key, "kubernetes.io/cluster/")
}

# A tag key made of a reference cannot be read, yet says what it is for.
_guards_cluster(group) if {
	some _, info in group.unknown
	startswith(object.get(info, "template", ""), "kubernetes.io/cluster/")
}

# Inline rules and rules that are documents of their own.
_rules(group) := array.concat(
	[{"document": group, "rule": rule, "path": sprintf("rules[%d].", [i])} | some i, rule in group.attr.rules],
	[{"document": other, "rule": other.attr, "path": ""} | some other in stack.linked("rules_of", group.id)],
)

_sources(found) := [source |
	some field in ["cidrs", "ipv6_cidrs"]
	some i, cidr in object.get(found.rule, field, [])
	source := {"cidr": cidr, "path": sprintf("%s%s[%d]", [found.path, field, i])}
]

_unknown_sources(found) := {path |
	some path in object.keys(object.union(found.document.unknown, found.document.partial))
	regex.match(sprintf("^%s(ipv6_)?cidrs", [regex.replace(found.path, `([\[\].])`, `\$1`)]), path)
	not _world(found)
}

_world(found) if {
	some source in _sources(found)
	source.cidr in {"0.0.0.0/0", "::/0"}
}

_all_ports(rule) if rule.protocol == "-1"

_all_ports(rule) if (rule.to_port - rule.from_port) + 1 >= _params.min_span
