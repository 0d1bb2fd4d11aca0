# METADATA
# title: Node groups are confined to one Availability Zone
# description: >-
#   The loss of that one zone is the loss of all nodes, and with them of everything that runs in the
#   cluster.
# related_resources:
#   - description: EKS Best Practices Guide, data plane
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html
#   - description: Regions and Availability Zones
#     ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
# custom:
#   id: PLM-RELI-009
#   severity: low
#   category: availability
#   since: 0.1.0
#   formats: [T, C, E]
#   scope: stack
#   remediation: |
#     Give the node groups of the cluster subnets in two zones or more.
#     Terraform: subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]
#     CloudFormation: Subnets: [!Ref SubnetA, !Ref SubnetB]
#     eksctl: managedNodeGroups: [{name: main, availabilityZones: [eu-west-1a, eu-west-1b]}]
#   on: [node_group]
#   controls:
#     eks-bpg: [reliability]
#   aliases: []
package plimsoll.rules.reli.single_zone

import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

# Where Karpenter or Auto Mode starts nodes is not written in a group.
_groups[key] contains group if {
	some group in stack.documents("node_group")
	group.attr.kind in {"managed", "self_managed"}
	key := _cluster(group)
}

_cluster(group) := id if {
	id := min([cluster.id | some cluster in stack.linked("cluster_of", group.id)])
} else := object.get(group.attr, "cluster", group.id)

deny contains res if {
	some groups in _groups
	zones := union({_zones(group) | some group in groups})
	count(zones) < 2
	not _is_unclear(groups)
	some group in groups
	message := sprintf("the nodes of group %q, and of all others of its cluster, start in one Availability Zone%s", [group.name, _named(zones)])
	res := result.on(group, "subnets", message)
}

deny contains result.as_unknown(result.on(group, "subnets", message), "the zones of some subnets are not known") if {
	some groups in _groups
	zones := union({_zones(group) | some group in groups})
	count(zones) < 2
	_is_unclear(groups)
	some group in groups
	message := sprintf("whether the nodes of group %q start in more than one Availability Zone is not known before deployment", [group.name])
}

_named(zones) := sprintf(": %s", [concat(", ", zones)]) if {
	count(zones) > 0
} else := ""

# The zones of a group as far as they are known. A single subnet is in one zone,
# known or not, and eksctl spreads a group over several unless it is told not to.
_zones(group) := (_own(group) | _of_subnets(group)) | _default(group)

_own(group) := {zone | some zone in group.attr.zones; is_string(zone)}

_of_subnets(group) := {zone |
	some id in _subnets(group)
	zone := input.stack.documents[id].attr.az
}

_subnets(group) := {id |
	some ref in group.refs
	id := stack.target(ref)
	input.stack.documents[id].type == "subnet"
}

_default(group) := {"*1", "*2"} if {
	group.format == "eksctl"
	count(object.get(group.attr, "subnets", [])) == 0
	count(_own(group)) == 0
} else := set()

# Some group may have nodes in a zone that is not known.
_is_open(group) if known.reason(group, "zones")

_is_open(group) if {
	_unseen(group) > 0
	_number(group) > 1
}

_is_open(group) if count(_own(group)) + _number(group) == 0

# How many subnets a group has, and how many of them have no known zone.
_number(group) := max({count(object.get(group.attr, "subnets", [])), count(_subnets(group))})

_unseen(group) := _number(group) - count([id | some id in _subnets(group); input.stack.documents[id].attr.az])

_is_unclear(groups) if {
	some group in groups
	_is_open(group)
}

# One subnet each, of several groups: which zones those are in is open.
_is_unclear(groups) if {
	count({group | some group in groups; _unseen(group) > 0}) > 0
	count(groups) > 1
}
