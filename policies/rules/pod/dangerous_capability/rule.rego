# METADATA
# title: Capability that breaks isolation is added
# description: >-
#   With this capability a process can leave the container, load code into the kernel
#   or read other processes' memory: it is worth as much as a privileged container.
# related_resources:
#   - description: capabilities(7), overview of Linux capabilities
#     ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-007
#   severity: critical
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the capability from what the container adds.
#     Kubernetes: securityContext: {capabilities: {drop: [ALL]}}
#     Terraform:
#       security_context {
#         capabilities { drop = ["ALL"] }
#       }
#   on: [workload]
#   needs: [pod.os.name]
#   reads: ["containers[*].securityContext.capabilities.add"]
#   parameters:
#     - name: dangerous_capabilities
#       type: list(string)
#       default:
#         - ALL
#         - BPF
#         - DAC_READ_SEARCH
#         - NET_ADMIN
#         - PERFMON
#         - SYS_ADMIN
#         - SYS_BOOT
#         - SYS_MODULE
#         - SYS_PTRACE
#         - SYS_RAWIO
#       description: Capabilities that break the isolation of the container, without CAP_ in front.
#   controls:
#     pss: [baseline/capabilities_baseline, restricted/capabilities_restricted]
#     nsa: [pod-security]
#   aliases: [C-0046, CKV_K8S_39, KSV-0005]
#   supersedes: [PLM-POD-006]
package plimsoll.rules.pod.dangerous_capability

import data.plimsoll.lib.capabilities
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.dangerous_capability

# NET_ADMIN rewrites the node's network only together with the host network.
_adjusted(res, name) := result.with_severity(res, "high") if name == "NET_ADMIN"

_adjusted(res, name) := res if name != "NET_ADMIN"

deny contains system.judge_container("PLM-POD-007", name, container, _adjusted(res, name)) if {
	not run.pss_level
	some i, container in input.attr.containers
	some j, _ in pods.list(input.attr.containers[i].securityContext.capabilities.add)
	name := capabilities.normal(input.attr.containers[i].securityContext.capabilities.add[j])
	name in _params.dangerous_capabilities
	res := result.at(capabilities.path(i, j), sprintf("%s of %s adds the capability %s", [pods.label(container, i), pods.subject, name]))
}

deny contains _adjusted(res, name) if {
	run.pss_level
	some violation in capabilities.violations
	name := capabilities.normal(violation.value)
	name in _params.dangerous_capabilities
	res := result.at(violation.path, violation.message)
}
