# METADATA
# title: Volume type is outside the restricted set
# description: >-
#   Volumes that name a disk, a file server or a repository bypass PersistentVolumes
#   and with them everything that is decided there about who may use which storage.
#   A gitRepo volume runs git as root on the node (CVE-2024-10220).
# related_resources:
#   - description: Volumes
#     ref: https://kubernetes.io/docs/concepts/storage/volumes/
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: CVE-2024-10220
#     ref: https://github.com/kubernetes/kubernetes/issues/128885
# custom:
#   id: PLM-POD-022
#   severity: low
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Claim the storage through a CSI driver.
#     Kubernetes: volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
#     Terraform:
#       volume {
#         name = "data"
#         persistent_volume_claim { claim_name = "data" }
#       }
#   on: [workload]
#   reads: ["pod.volumes[*]"]
#   controls:
#     pss: [restricted/restrictedVolumes]
#   aliases: [KSV-0028]
package plimsoll.rules.pod.restricted_volume

import data.plimsoll.lib.restricted
import data.plimsoll.lib.result

_adjusted(res, source) := result.with_severity(res, "high") if source == "gitRepo"

_adjusted(res, source) := res if source != "gitRepo"

# hostPath is the matter of pod/host_path.
deny contains _adjusted(res, violation.part) if {
	some violation in restricted.violations.restrictedVolumes
	violation.part != "hostPath"
	res := result.at(violation.path, violation.message)
}
