# METADATA
# title: Cluster-admin access policy granted too widely
# description: >-
#   The access policy AmazonEKSClusterAdminPolicy with cluster scope gives full control of
#   every workload and every secret. It belongs to a break-glass role, not to the principals
#   people and pipelines use daily.
# related_resources:
#   - description: Access policy permissions
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
#   - description: EKS Best Practices Guide, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-IAM-003
#   severity: high
#   category: access
#   since: 0.1.0
#   formats: [T, C, E]
#   scope: stack
#   on: [access_entry, access_policy_association]
#   remediation: >-
#     Associate AmazonEKSAdminPolicy, AmazonEKSEditPolicy or AmazonEKSViewPolicy with namespace scope
#     instead, and keep cluster-admin for a break-glass role that the parameter admin_principals names.
#   parameters:
#     - name: admin_principals
#       type: list(string)
#       default: ["*break-glass*"]
#       description: Principals (ARN patterns with * and ?) that may hold cluster-admin.
#     - name: max_cluster_admins
#       type: int
#       default: 2
#       description: How many allowed principals may hold cluster-admin at once.
#   controls:
#     cis-eks: ["4.1.1"]
#     eks-bpg: [iam]
#   aliases: []
package plimsoll.rules.iam.cluster_admin_policy

import data.plimsoll.lib.iam
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.iam.cluster_admin_policy

deny contains res if {
	some grant in _grants
	not _allowed(grant)
	not _undecided(grant)
	res := result.on(grant.document, grant.path, sprintf("%s may do anything in the cluster", [_who(grant)]))
}

deny contains res if {
	some grant in _grants
	_undecided(grant)
	message := "whether this cluster-admin is an allowed one is not known before deployment"
	res := result.as_unknown(result.on(grant.document, grant.path, message), "the principal is not known yet")
}

deny contains res if {
	allowed := {grant.principal | some grant in _grants; _allowed(grant)}
	count(allowed) > _params.max_cluster_admins
	some grant in _grants
	_allowed(grant)
	message := sprintf("%d principals hold cluster-admin, more than the %d allowed", [count(allowed), _params.max_cluster_admins])
	res := result.on(grant.document, grant.path, message)
}

_allowed(grant) if iam.matches_any(_params.admin_principals, grant.principal)

# Without an allow-list nobody is allowed, whoever the principal turns out to be.
_undecided(grant) if {
	_open(grant.principal)
	count(_params.admin_principals) > 0
}

_open(principal) if principal == ""

# Partition, account and region do not decide who a principal is.
_open(principal) if contains(regex.replace(principal, `\$\{AWS::[A-Za-z]+\}`, ""), "${")

_who(grant) := grant.principal if grant.principal != ""

_who(grant) := "a principal that is not known yet" if grant.principal == ""

_grants contains {"document": entry, "path": sprintf("policies[%d].policy", [i]), "principal": _principal(entry)} if {
	some entry in stack.documents("access_entry")
	some i, policy in entry.attr.policies
	_is_cluster_admin(policy)
}

_grants contains {"document": association, "path": "policy", "principal": _principal(association)} if {
	some association in stack.documents("access_policy_association")
	_is_cluster_admin(association.attr)
}

_is_cluster_admin(policy) if {
	endswith(policy.policy, "/AmazonEKSClusterAdminPolicy")
	object.get(policy, ["scope", "type"], "cluster") == "cluster"
}

_principal(document) := object.get(document.attr, "principal", _template(document))

_template(document) := object.get(document.unknown, ["principal", "template"], _entry(document))

_entry(document) := principal if {
	some entry in stack.linked("entry_of", document.id)
	principal := object.get(entry.attr, "principal", "")
} else := ""
