# METADATA
# title: Role may erase evidence
# description: >-
#   Events tell what happened in the cluster, and a container's logs go with its pod.
#   Who deletes them all at once leaves little to investigate.
# related_resources:
#   - description: EKS best practices, incident response and forensics
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/incident-response-and-forensics.html
#   - description: Microsoft, threat matrix for Kubernetes, delete events
#     ref: https://microsoft.github.io/Threat-Matrix-for-Kubernetes/techniques/Delete%20K8S%20events/
# custom:
#   id: PLM-RBAC-023
#   severity: low
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Take delete and deletecollection out; components that record events need create and patch.
#     Kubernetes: {apiGroups: ["", events.k8s.io], resources: [events], verbs: [create, patch]}
#     Terraform: verbs = ["create", "patch"]
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   aliases: [C-0031, delete_pod_logs]
package plimsoll.rules.rbac.erase_evidence

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

deny contains roles.judged(result.at(grant.path, message)) if {
	some grant in roles.granted.delete_events
	message := sprintf("%s may delete %s", [roles.subject, grant.what])
}

deny contains roles.judged(result.at(grant.path, message)) if {
	input.attr.cluster_scoped
	some grant in roles.granted.delete_all_pods
	message := sprintf("%s may delete %s of a namespace all at once, and their logs with them", [roles.subject, grant.what])
}
