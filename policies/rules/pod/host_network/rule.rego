# METADATA
# title: Host network is used
# description: >-
#   The pod has the node's network: NetworkPolicies do not apply to it, it reaches
#   the instance metadata service and the Pod Identity agent as the node does, and its
#   ports are the node's.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-010
#   severity: high
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove hostNetwork from the pod's spec and expose ports through a Service.
#     Kubernetes: hostNetwork: false
#     Terraform: host_network = false
#   on: [workload]
#   reads: [host_network]
#   parameters:
#     - name: exempt_workloads
#       type: list(string)
#       default: []
#       description: >-
#         Workloads that may use the host network, as namespace/name; an asterisk stands for any text.
#         System add-ons are known without being listed.
#   controls:
#     cis-eks: ["4.2.4"]
#     pss: [baseline/hostNamespaces]
#   aliases: [C-0041, CKV_K8S_19]
package plimsoll.rules.pod.host_network

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.host_network

_exempt if {
	not run.pss_level
	some pattern in _params.exempt_workloads
	glob.match(pattern, null, sprintf("%s/%s", [input.namespace, input.name]))
}

_judged(res) := result.exempt(res, "listed in exempt_workloads") if _exempt

_judged(res) := system.judge_pod("PLM-POD-010", "hostNetwork", res) if not _exempt

deny contains _judged(res) if {
	input.attr.host_network == true
	res := result.at("host_network", sprintf("%s uses the network of its node", [pods.subject]))
}
