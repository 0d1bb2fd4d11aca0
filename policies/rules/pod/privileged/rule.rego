# METADATA
# title: Container is privileged
# description: >-
#   A privileged container has every capability, every device and no seccomp or
#   AppArmor confinement: whoever gets into it is root on the node.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-001
#   severity: critical
#   category: privilege
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove securityContext.privileged, and add the single capability that is needed.
#     Kubernetes: securityContext: {privileged: false}
#     Terraform: security_context { privileged = false }
#   on: [workload]
#   reads: ["containers[*].effective.privileged"]
#   controls:
#     cis-eks: ["4.2.1"]
#     pss: [baseline/privileged]
#     nsa: [pod-security]
#     eks-bpg: [pod-security]
#   aliases: [C-0057, CKV_K8S_16, KSV-0017]
#   supersedes: [PLM-POD-002, PLM-POD-005]
package plimsoll.rules.pod.privileged

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

deny contains system.judge_container("PLM-POD-001", pods.name(container), container, res) if {
	some i, container in input.attr.containers
	input.attr.containers[i].effective.privileged == true
	res := result.at(
		sprintf("containers[%d].effective.privileged", [i]),
		sprintf("%s of %s is privileged", [pods.label(container, i), pods.subject]),
	)
}
