# METADATA
# title: Pod cannot run where its Fargate profile sends it
# description: >-
#   Fargate runs no privileged containers, nothing on the network or a port of the
#   host, no DaemonSets and no EBS volumes. Such pods stay pending until somebody moves
#   them to nodes that nobody planned for them.
# related_resources:
#   - description: Considerations for AWS Fargate on Amazon EKS
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/fargate.html
# custom:
#   id: PLM-POD-045
#   severity: low
#   category: operations
#   since: 0.1.0
#   formats: [K, T, C, E]
#   remediation: |
#     Leave the workload out of the profile's selectors, or do without what Fargate cannot do.
#     Kubernetes: metadata: {labels: {compute: nodes}}
#     Terraform:
#       selector {
#         namespace = "shop"
#         labels    = { compute = "fargate" }
#       }
#     CloudFormation: Selectors: [{Namespace: shop, Labels: [{Key: compute, Value: fargate}]}]
#     eksctl: selectors: [{namespace: shop, labels: {compute: fargate}}]
#   on: [workload]
#   scope: stack
#   reads:
#     - containers[*].effective.privileged
#     - containers[*].ports[*].hostPort
#     - host_network
#     - pod.volumes[*]
#     - labels
#   controls:
#     eks-bpg: [pod-security]
package plimsoll.rules.pod.fargate_unsupported

import data.plimsoll.lib.fargate
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_refused(workload) := (((({[sprintf("containers[%d].effective.privileged", [i]), message] |
	some i, container in workload.attr.containers
	container.effective.privileged == true
	message := sprintf("%s is privileged", [pods.label(container, i)])
} | {[sprintf("containers[%d].ports[%d].hostPort", [i, j]), message] |
	some i, container in workload.attr.containers
	some j, port in pods.list(container.ports)
	host_port := port.hostPort
	not host_port in {0, null}
	message := sprintf("%s binds the host's port %v", [pods.label(container, i), host_port])
}) | {["host_network", "it uses the host's network"] |
	workload.attr.host_network == true
}) | {["kind", "it is a DaemonSet"] |
	workload.attr.kind == "DaemonSet"
}) | {[sprintf("pod.volumes[%d]", [i]), message] |
	some i, volume in pods.list(workload.attr.pod.volumes)
	_is_ebs(workload.namespace, volume)
	message := sprintf("its volume %q is on EBS", [pods.name(volume)])
}) | {[sprintf("spec.volumeClaimTemplates[%d].spec.storageClassName", [i]), message] |
	some i, template in pods.list(workload.raw.spec.volumeClaimTemplates)
	template.spec.storageClassName in _ebs_classes
	message := sprintf("its volume %q is on EBS", [pods.name(template.metadata)])
}

_is_ebs(_, volume) if is_object(volume.awsElasticBlockStore)

_is_ebs(_, volume) if volume.ephemeral.volumeClaimTemplate.spec.storageClassName in _ebs_classes

_is_ebs(namespace, volume) if [namespace, volume.persistentVolumeClaim.claimName] in _ebs_claims

_ebs_classes contains class.name if {
	some class in stack.documents("storage_class")
	class.attr.provisioner in {"ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"}
}

_ebs_claims contains [claim.namespace, claim.name] if {
	some id in input.stack.by_kind["v1/PersistentVolumeClaim"]
	claim := input.stack.documents[id]
	claim.raw.spec.storageClassName in _ebs_classes
}

_profile(id) := input.stack.documents[id]

deny contains result.with_related(result.on(workload, path, message), [place]) if {
	some workload in stack.documents("workload")
	[id, i] := min(fargate.selections(workload))
	some [path, why] in _refused(workload)
	message := sprintf("%s goes to Fargate profile %q, which cannot run it: %s", [pods.named(workload), _profile(id).name, why])
	place := result.place(_profile(id), sprintf("selectors[%d]", [i]), "it is selected here")
}

deny contains result.as_unknown(result.on(workload, path, message), fargate.doubt(workload)) if {
	some workload in stack.documents("workload")
	count(fargate.selections(workload)) == 0
	some [path, why] in _refused(workload)
	message := sprintf("%s may go to a Fargate profile, which cannot run it: %s", [pods.named(workload), why])
}
