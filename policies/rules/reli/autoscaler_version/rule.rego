# METADATA
# title: Cluster Autoscaler does not fit the cluster
# description: >-
#   The autoscaler simulates the scheduler of its own minor version; with another one it may leave pods
#   pending or take the wrong nodes away. Without discovery it knows only groups that somebody listed, so
#   that replaced groups are not scaled.
# related_resources:
#   - description: Cluster Autoscaler on AWS
#     ref: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
#   - description: EKS Best Practices Guide, Cluster Autoscaler
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/cas.html
# custom:
#   id: PLM-RELI-011
#   severity: low
#   category: upgrades
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   remediation: |
#     Use the image of the cluster's minor version, and let it discover the node groups by their tags.
#     Kubernetes:
#       image: registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.1
#       command:
#         - ./cluster-autoscaler
#         - --node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/main
#     Terraform:
#       image   = "registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.1"
#       command = ["./cluster-autoscaler", "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/main"]
#     CloudFormation: Version: "1.34"
#     eksctl: metadata: {name: main, region: eu-west-1, version: "1.34"}
#   on: [workload]
#   controls:
#     eks-bpg: [autoscaling]
#   aliases: [cluster_autoscaler]
package plimsoll.rules.reli.autoscaler_version

import data.plimsoll.lib.image
import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack
import data.plimsoll.lib.versions

_autoscalers contains {"workload": workload, "i": i, "container": container} if {
	some workload in stack.documents("workload")
	some i, container in workload.attr.containers
	regex.match(`(^|/)cluster-autoscaler$`, image.repository(container.image))
}

deny contains result.with_related(result.on(found.workload, path, message), [result.place(cluster, "version", "the cluster's version")]) if {
	some found in _autoscalers
	some cluster in stack.linked("cluster_of", found.workload.id)
	versions.minor(image.tag(found.container.image)) != versions.minor(cluster.attr.version)
	path := sprintf("containers[%d].image", [found.i])
	message := sprintf("Cluster Autoscaler %s does not fit cluster %q of version %s", [image.tag(found.container.image), cluster.name, cluster.attr.version])
}

deny contains result.as_unknown(result.on(found.workload, path, message), reason) if {
	some found in _autoscalers
	some cluster in stack.linked("cluster_of", found.workload.id)
	reason := known.reason(cluster, "version")
	path := sprintf("containers[%d].image", [found.i])
	message := sprintf("whether Cluster Autoscaler %s fits cluster %q is not known before deployment", [found.container.image, cluster.name])
}

deny contains _settled(found, result.on(found.workload, sprintf("containers[%d].command", [found.i]), message)) if {
	some found in _autoscalers
	count([word | some word in _words(found.container); contains(word, "--node-group-auto-discovery")]) == 0
	message := "Cluster Autoscaler runs without --node-group-auto-discovery"
}

_words(container) := [word |
	some list in ["command", "args"]
	some word in container[list]
	is_string(word)
]

_settled(found, res) := result.as_unknown(res, reason) if {
	reason := min(_doubts(found))
} else := res

_doubts(found) := {reason |
	some list in ["command", "args"]
	reason := known.reason(found.workload, sprintf("containers[%d].%s", [found.i, list]))
}
