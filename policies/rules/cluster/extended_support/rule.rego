# METADATA
# title: Kubernetes version is in extended support only
# description: >-
#   Standard support for this version has ended. Paid extended support still brings
#   security patches, but features, add-ons and AMIs stay behind and every cluster
#   hour costs several times as much.
# related_resources:
#   - description: Kubernetes versions on Amazon EKS and their calendar
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
#   - description: EKS best practices, cluster upgrades
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/cluster-upgrades.html
# custom:
#   id: PLM-CLUSTER-007
#   severity: medium
#   category: lifecycle
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: |
#     Raise the version one minor at a time, nodes and add-ons after the control plane.
#     Terraform: version = "1.35". CloudFormation: Version: "1.35". eksctl: metadata.version: "1.35".
#   on: [eks_cluster]
#   needs: [version]
#   reads: [version_malformed]
#   controls:
#     securityhub: [EKS.2]
#     eks-bpg: [cluster-upgrades]
#   aliases: [C-0273]
package plimsoll.rules.cluster.extended_support

import data.plimsoll.lib.result
import data.plimsoll.lib.versions

# A malformed version is reported by cluster/unsupported_version.
_version := versions.minor(input.attr.version) if not input.attr.version_malformed

deny contains result.at("version", message) if {
	dates := versions.calendar[_version]
	dates.end_of_standard_support < data.plimsoll.as_of
	data.plimsoll.as_of <= dates.end_of_extended_support
	message := sprintf(
		"cluster %q runs Kubernetes %s, out of standard support since %s; extended support ends on %s",
		[input.name, input.attr.version, dates.end_of_standard_support, dates.end_of_extended_support],
	)
}

deny contains result.as_unknown(result.at("version", message), reason) if {
	_version > versions.newest
	message := sprintf("cluster %q runs Kubernetes %s, for which no support dates are known", [input.name, input.attr.version])
	reason := sprintf("newer than %s, the last version in the support calendar: update the data file", [versions.text(versions.newest)])
}
