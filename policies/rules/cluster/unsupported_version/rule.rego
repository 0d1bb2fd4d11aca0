# METADATA
# title: Kubernetes version is past end of extended support
# description: >-
#   Neither standard nor paid extended support covers this version any more: it
#   gets no patches, and AWS upgrades the control plane at a time of its choosing.
# related_resources:
#   - description: Kubernetes versions on Amazon EKS and their calendar
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
#   - description: EKS best practices, cluster upgrades
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/cluster-upgrades.html
# custom:
#   id: PLM-CLUSTER-006
#   severity: high
#   category: lifecycle
#   since: 0.1.0
#   formats: [T, C, E]
#   remediation: |
#     Raise the version one minor at a time, nodes and add-ons after the control plane.
#     Terraform: version = "1.35". CloudFormation: Version: "1.35". eksctl: metadata.version: "1.35".
#     Quote it: YAML reads 1.30 without quotes as the number 1.3.
#   on: [eks_cluster]
#   needs: [version]
#   reads: [version_malformed]
#   parameters:
#     - name: min_version
#       type: string
#       default: ""
#       description: Oldest version you allow, such as "1.33"; empty for the oldest with extended support.
#   controls:
#     securityhub: [EKS.2]
#     eks-bpg: [cluster-upgrades]
package plimsoll.rules.cluster.unsupported_version

import data.plimsoll.lib.result
import data.plimsoll.lib.versions

_params := data.plimsoll.params.cluster.unsupported_version

_version := versions.minor(input.attr.version) if not input.attr.version_malformed

_expired if _version < versions.oldest_supported

# On a date after the calendar's end nothing in it is supported.
_expired if {
	not versions.oldest_supported
	_version <= versions.newest
}

deny contains result.at("version", message) if {
	_expired
	message := sprintf("cluster %q runs Kubernetes %s, which %s", [input.name, input.attr.version, _what])
}

_what := sprintf("has had no support since %s", [versions.calendar[_version].end_of_extended_support])

_what := "is older than all versions in the support calendar" if not versions.calendar[_version]

deny contains result.at("version", message) if {
	not _expired
	_version < versions.minor(_params.min_version)
	message := sprintf("cluster %q runs Kubernetes %s, older than the allowed %s", [input.name, input.attr.version, _params.min_version])
}

deny contains result.at("version", message) if {
	input.attr.version_malformed
	message := sprintf("cluster %q has its version written as a number, which reads as %s: put it in quotes", [input.name, input.attr.version])
}

# eksctl resolves these names when it runs.
_names := {"auto", "default", "latest"}

deny contains result.at("version", message) if {
	not input.attr.version_malformed
	not versions.minor(input.attr.version)
	not input.attr.version in _names
	message := sprintf("cluster %q has the version %q, which is no Kubernetes version", [input.name, input.attr.version])
}

deny contains result.as_unknown(result.at("version", message), reason) if {
	_version > versions.newest
	message := sprintf("cluster %q runs Kubernetes %s, for which no support dates are known", [input.name, input.attr.version])
	reason := sprintf("newer than %s, the last version in the support calendar: update the data file", [versions.text(versions.newest)])
}
