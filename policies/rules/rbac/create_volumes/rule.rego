# METADATA
# title: Role may create PersistentVolumes
# description: >-
#   A volume of type hostPath is any directory of a node. A pod that claims it mounts a
#   PersistentVolumeClaim, which every Pod Security level allows.
# related_resources:
#   - description: RBAC good practices, persistent volume creation
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation
#   - description: Kubernetes, dynamic volume provisioning
#     ref: https://kubernetes.io/docs/concepts/storage/dynamic-provisioning/
# custom:
#   id: PLM-RBAC-012
#   severity: medium
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Let people make claims and the storage driver make the volumes.
#     Kubernetes: {apiGroups: [""], resources: [persistentvolumeclaims], verbs: [get, list, watch, create]}
#     Terraform: resources = ["persistentvolumeclaims"]
#   on: [rbac_role]
#   reads: [cluster_scoped, "rules[*]"]
#   controls:
#     cis-eks: ["4.1.9"]
#   aliases: [C-0278]
package plimsoll.rules.rbac.create_volumes

import data.plimsoll.lib.result
import data.plimsoll.lib.roles

_adjusted(res, grant) := result.with_severity(res, "low") if grant.idle

_adjusted(res, grant) := res if not grant.idle

deny contains roles.judged(_adjusted(result.at(grant.path, message), grant)) if {
	some grant in roles.granted.create_volumes
	message := sprintf("%s may create %s%s", [roles.subject, grant.what, roles.idle_note(grant)])
}
