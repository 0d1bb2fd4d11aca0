# METADATA
# title: Load balancer is open to the whole internet
# description: >-
#   The Service makes an internet-facing load balancer that takes connections from every
#   address.
# related_resources:
#   - description: Route TCP and UDP traffic with Network Load Balancers
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
#   - description: AWS Load Balancer Controller, Service annotations
#     ref: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
# custom:
#   id: PLM-NET-023
#   severity: medium
#   category: exposure
#   since: 0.1.0
#   formats: [K, T]
#   on: [service]
#   needs: [source_ranges]
#   reads: [exposure, type]
#   remediation: >-
#     Make the scheme internal (annotation service.beta.kubernetes.io/aws-load-balancer-scheme), or list
#     the networks that may connect in spec.loadBalancerSourceRanges.
#   parameters:
#     - name: allowed_public_services
#       type: list(string)
#       default: []
#       description: Services (namespace/name, with * and ?) that are meant to be open to the internet.
#   controls:
#     nsa: [network-separation]
#   aliases: [C-0256]
package plimsoll.rules.net.open_load_balancer

import data.plimsoll.lib.iam
import data.plimsoll.lib.result

_params := data.plimsoll.params.net.open_load_balancer

deny contains result.at("source_ranges", message) if {
	input.attr.type == "LoadBalancer"
	input.attr.exposure == "internet"
	count(object.get(input.attr, "source_ranges", [])) == 0
	not _allowed
	message := sprintf("service %s/%s is an internet-facing load balancer without source ranges", [input.namespace, input.name])
}

deny contains result.at(sprintf("source_ranges[%d]", [i]), message) if {
	input.attr.type == "LoadBalancer"
	input.attr.exposure == "internet"
	some i, range in input.attr.source_ranges
	range in {"0.0.0.0/0", "::/0"}
	not _allowed
	message := sprintf("service %s/%s is an internet-facing load balancer that admits %s", [input.namespace, input.name, range])
}

_allowed if iam.matches_any(_params.allowed_public_services, sprintf("%s/%s", [input.namespace, input.name]))
