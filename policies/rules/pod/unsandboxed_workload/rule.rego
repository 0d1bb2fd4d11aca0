# METADATA
# title: Untrusted workload has no sandbox
# description: >-
#   Containers share the kernel of their node. Code that nobody vouches for belongs
#   behind a kernel of its own: in gVisor, in Kata Containers or on Fargate.
# related_resources:
#   - description: Runtime class
#     ref: https://kubernetes.io/docs/concepts/containers/runtime-class/
#   - description: EKS best practices, multi-tenancy
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/tenant-isolation.html
# custom:
#   id: PLM-POD-046
#   severity: info
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Run the workload in a sandbox, or select it with a Fargate profile.
#     Kubernetes: runtimeClassName: gvisor
#     Terraform: runtime_class_name = "gvisor"
#   on: [workload]
#   scope: stack
#   needs: [pod.runtimeClassName]
#   reads: [labels]
#   parameters:
#     - name: untrusted_label
#       type: string
#       default: plimsoll.dev/trust
#       description: The label whose value "untrusted" marks such pods; an empty text turns the rule off.
#     - name: sandbox_runtime_classes
#       type: list(string)
#       default: [gvisor, runsc, kata, kata-clh, kata-fc, kata-qemu]
#       description: Names of runtime classes with a sandbox.
#   controls:
#     cis-eks: ["5.6.1"]
#     eks-bpg: [multitenancy]
#   aliases: [C-0233, C-0297]
#   profiles: [strict]
package plimsoll.rules.pod.unsandboxed_workload

import data.plimsoll.lib.fargate
import data.plimsoll.lib.known
import data.plimsoll.lib.paths
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.pod.unsandboxed_workload

_is_sandboxed(workload) if workload.attr.pod.runtimeClassName in _params.sandbox_runtime_classes

_is_sandboxed(workload) if count(fargate.selections(workload)) > 0

_settled(workload, res) := result.as_unknown(res, fargate.doubt(workload))

_settled(workload, res) := res if not fargate.doubt(workload)

deny contains _settled(workload, result.on(workload, "pod.runtimeClassName", message)) if {
	some workload in stack.documents("workload")
	workload.attr.labels[_params.untrusted_label] == "untrusted"
	not _is_sandboxed(workload)
	message := sprintf("%s is not trusted and shares the kernel of its node", [pods.named(workload)])
}

deny contains result.as_unknown(result.on(workload, "labels", message), reason) if {
	_params.untrusted_label != ""
	some workload in stack.documents("workload")
	reason := known.reason(workload, paths.key("labels", _params.untrusted_label))
	not _is_sandboxed(workload)
	message := sprintf("whether %s is trusted is not known", [pods.named(workload)])
}
