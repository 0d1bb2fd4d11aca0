# METADATA
# title: Binding uses the system:masters group
# description: >-
#   The API server lets this group do everything before it asks RBAC or any other
#   authorizer, and nothing takes a certificate that names it back. A binding to it
#   adds nothing but the habit of handing it out. The groups of nodes and of their
#   bootstrap tokens are for kubelets.
# related_resources:
#   - description: RBAC good practices, least privilege
#     ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
#   - description: EKS best practices, identity and access management
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
# custom:
#   id: PLM-RBAC-017
#   severity: high
#   category: authorization
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Bind a group of your own, and give it to people by access entries.
#     Kubernetes: {kind: Group, name: platform-admins, apiGroup: rbac.authorization.k8s.io}
#     Terraform:
#       subject {
#         kind      = "Group"
#         name      = "platform-admins"
#         api_group = "rbac.authorization.k8s.io"
#       }
#   on: [rbac_binding]
#   reads: ["subjects[*].kind", "subjects[*].name"]
#   aliases: [KSV-0123]
package plimsoll.rules.rbac.masters_group

import data.plimsoll.lib.bindings
import data.plimsoll.lib.result

_place(i) := sprintf("subjects[%d].name", [i])

_message(name) := sprintf("%s %q gives %s to %s", [bindings.kind(input), input.name, bindings.role(input), name])

deny contains bindings.judged(result.at(_place(i), _message(subject.name))) if {
	some i, subject in input.attr.subjects
	subject.kind == "Group"
	subject.name == "system:masters"
}

deny contains bindings.judged(result.with_severity(result.at(_place(i), _message(subject.name)), "medium")) if {
	some i, subject in input.attr.subjects
	subject.kind in {"User", "Group"}
	is_string(subject.name)
	some prefix in ["system:node", "system:bootstrappers"]
	startswith(subject.name, prefix)
	input.namespace != "kube-system"
}
