# METADATA
# title: Sysctl is outside the safe set
# description: >-
#   Sysctls outside the safe set are not confined to the pod: they change the kernel
#   for its neighbours or for the whole node, and work only on nodes that were told to
#   allow them.
# related_resources:
#   - description: Using sysctls in a Kubernetes cluster
#     ref: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-020
#   severity: medium
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the sysctl, or set it for the nodes of a group of their own.
#     Kubernetes: securityContext: {sysctls: []}
#     Terraform:
#       security_context {
#         sysctl {
#           name  = "net.ipv4.ip_local_port_range"
#           value = "1024 65535"
#         }
#       }
#   on: [workload]
#   reads: ["pod.securityContext.sysctls[*].name"]
#   parameters:
#     - name: pss_version
#       type: string
#       default: latest
#       description: >-
#         The Kubernetes version whose safe set applies, such as "1.34"; "latest" is that of the run.
#   controls:
#     pss: [baseline/sysctls]
#     eks-bpg: [control-plane]
#   aliases: [KSV-0026]
package plimsoll.rules.pod.unsafe_sysctl

import data.plimsoll.lib.baseline
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.unsafe_sysctl

deny contains system.judge_pod("PLM-POD-020", name, res) if {
	some i, _ in pods.list(input.attr.pod.securityContext.sysctls)
	name := pods.field(input.attr.pod.securityContext.sysctls[i], "name")
	not baseline.is_safe_sysctl(name, _params.pss_version)
	res := result.at(
		sprintf("pod.securityContext.sysctls[%d].name", [i]),
		sprintf("%s sets the sysctl %s, which is not in the safe set", [pods.subject, name]),
	)
}
