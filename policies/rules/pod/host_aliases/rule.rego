# METADATA
# title: Names are resolved by hostAliases
# description: >-
#   The pod takes these names from its own /etc/hosts and not from DNS: an entry for a
#   service of AWS sends credentials and images to whoever has the address, and nobody
#   who looks at DNS will notice.
# related_resources:
#   - description: Adding entries to pod /etc/hosts with HostAliases
#     ref: https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/
# custom:
#   id: PLM-POD-036
#   severity: low
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the entries; serve the names from CoreDNS or from a private hosted zone.
#     Kubernetes: hostAliases: []
#     Terraform:
#       resource "aws_route53_record" "db" {
#         zone_id = aws_route53_zone.private.zone_id
#         name    = "db.example.internal"
#         type    = "A"
#         ttl     = 60
#         records = ["10.0.12.34"]
#       }
#   on: [workload]
#   reads: ["pod.hostAliases[*]"]
#   aliases: [KSV-0007]
package plimsoll.rules.pod.host_aliases

import data.plimsoll.lib.pods
import data.plimsoll.lib.result

_amazon(name) if regex.match(`(?i)(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)$`, name)

_adjusted(res, names) := result.with_severity(res, "high") if {
	some name in names
	_amazon(name)
}

_adjusted(res, names) := res if {
	every name in names {
		not _amazon(name)
	}
}

deny contains _adjusted(res, names) if {
	some i, alias in pods.list(input.attr.pod.hostAliases)
	alias != null
	names := [name | some name in alias.hostnames; is_string(name)]
	res := result.at(
		sprintf("pod.hostAliases[%d]", [i]),
		sprintf("%s resolves %s to %s by itself", [pods.subject, concat(", ", names), pods.field(alias, "ip")]),
	)
}
