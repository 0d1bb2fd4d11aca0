# METADATA
# title: Role may edit the aws-auth ConfigMap
# description: >-
#   The ConfigMap aws-auth in kube-system says which IAM principals are whom in the
#   cluster. Whoever writes it adds themselves to system:masters.
# related_resources:
#   - description: EKS, granting IAM access by the aws-auth ConfigMap
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
#   - description: EKS, migrating aws-auth entries to access entries
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/migrating-access-entries.html
# custom:
#   id: PLM-RBAC-013
#   severity: critical
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Move the cluster to access entries (authentication mode API), and drop the grant or name other ConfigMaps.
#     Kubernetes: {apiGroups: [""], resources: [configmaps], resourceNames: [coredns], verbs: [get, update, patch]}
#     Terraform: resource_names = ["coredns"]
#   on: [rbac_role]
#   scope: stack
#   reads: ["rules[*]"]
#   aliases: [manage_eks_iam_auth_configmap, C-0037]
package plimsoll.rules.rbac.edit_aws_auth

import data.plimsoll.lib.known
import data.plimsoll.lib.rbac
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

# Which ConfigMaps rule i is about: aws-auth by name, all, or neither.
_objects(role, i) := "named" if {
	"aws-auth" in role.attr.rules[i].resource_names
} else := "perhaps" if {
	known.reason(role, sprintf("rules[%d].resource_names", [i]))
} else := "all" if {
	rbac.names_objects(role, i) == "no"
} else := "no"

_reaches_kube_system(role) if role.namespace == "kube-system"

_reaches_kube_system(role) if {
	role.attr.cluster_scoped
	count(rbac.bindings_of(role)) == 0
}

_reaches_kube_system(role) if {
	some binding in rbac.bindings_of(role)
	not _is_elsewhere(binding)
}

_is_elsewhere(binding) if {
	not binding.attr.cluster_scoped
	binding.namespace != "kube-system"
}

_severity(role, objects) := "high" if {
	role.attr.cluster_scoped
	objects == "all"
} else := "critical"

# Whether the cluster reads aws-auth at all: it does unless its mode is API.
_reads_aws_auth(role) := "yes" if {
	some cluster in _clusters(role)
	cluster.attr.access.authentication_mode != "API"
} else := "perhaps" if {
	some cluster in _clusters(role)
	known.reason(cluster, "access.authentication_mode")
} else := "no" if {
	count(_clusters(role)) > 0
	every cluster in _clusters(role) {
		cluster.attr.access.authentication_mode == "API"
	}
} else := "yes"

# Without a sign of the one it is in, the role may be in any.
_clusters(role) := clusters if {
	clusters := stack.linked("cluster_of", role.id)
	count(clusters) > 0
} else := stack.documents("eks_cluster")

# That is rbac/all_permissions's finding, and as severe.
_is_everything(role, i) if {
	role.attr.cluster_scoped
	"*" in role.attr.rules[i].verbs
	"*" in role.attr.rules[i].resources
}

_found(role, i, objects) := result.with_severity(
	result.on(role, rbac.place(role, i, {"configmaps", "*"}), sprintf("%s may change %s", [rbac.subject(role), {
		"named": "the ConfigMap aws-auth",
		"all": "every ConfigMap, aws-auth in kube-system included",
		"perhaps": "ConfigMaps, perhaps aws-auth in kube-system",
	}[objects]])),
	_severity(role, objects),
)

_candidates contains {"role": role, "rule": i, "objects": objects, "answers": answers} if {
	some role in stack.documents("rbac_role")
	not rbac.is_builtin(role)
	_reaches_kube_system(role)
	some i, _ in role.attr.rules
	objects := _objects(role, i)
	not _is_everything(role, i)
	answers := {rbac.may(role, i, "", {"configmaps"}, {"update", "patch", "delete"}), _reads_aws_auth(role), objects}
	not "no" in answers
}

deny contains _found(c.role, c.rule, c.objects) if {
	some c in _candidates
	not "perhaps" in c.answers
}

deny contains result.as_unknown(_found(c.role, c.rule, c.objects), "what it may change or how the cluster authenticates is not known yet") if {
	some c in _candidates
	"perhaps" in c.answers
}

deny contains result.as_unknown(result.on(role, "rules", message), known.reason(role, "rules")) if {
	some role in stack.documents("rbac_role")
	_reaches_kube_system(role)
	not role.attr.rules
	message := sprintf("whether %s may change the ConfigMap aws-auth is not known", [rbac.subject(role)])
}
