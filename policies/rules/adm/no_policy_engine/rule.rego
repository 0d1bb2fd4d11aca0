# METADATA
# title: No admission policy engine and no admission policy
# description: >-
#   Pod Security levels cannot check registries, labels or signatures. Nothing that was
#   read judges objects by policies of your own when they are admitted.
# related_resources:
#   - description: Kubernetes, validating admission policy
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
#   - description: EKS best practices, pod security, policy as code
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-ADM-006
#   severity: medium
#   category: admission
#   since: 0.1.0
#   formats: [K, T, C, E]
#   scope: stack
#   advisory: true
#   on: [eks_cluster]
#   remediation: |
#     Install a policy engine, or write ValidatingAdmissionPolicies, which need none.
#     Kubernetes: {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: registries}, spec: {policyName: registries, validationActions: [Deny]}}
#     Terraform:
#       resource "helm_release" "kyverno" {
#         name       = "kyverno"
#         namespace  = "kyverno"
#         repository = "https://kyverno.github.io/kyverno/"
#         chart      = "kyverno"
#       }
#     CloudFormation:
#       Kyverno:
#         Type: AWS::EKS::Addon
#         Properties: {ClusterName: !Ref Cluster, AddonName: nirmata_kyverno}
#     eksctl: addons: [{name: nirmata_kyverno}]
#   parameters:
#     - name: engines
#       type: list(string)
#       default: []
#       description: >-
#         Further engines, by the name of their chart, their add-on or the repository of their image; an
#         asterisk stands for any text.
#   controls:
#     eks-bpg: [pod-security]
#   aliases: [C-0036, C-0039, C-0192]
package plimsoll.rules.adm.no_policy_engine

import data.plimsoll.lib.admission
import data.plimsoll.lib.image
import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.adm.no_policy_engine

_engine if count(object.get(input.stack.facts, "policy_engines", [])) > 0

_engine if {
	some workload in stack.documents("workload")
	some container in workload.attr.containers
	admission.listed(image.repository(container.image), _params.engines)
}

_engine if {
	some addon in stack.documents("eks_addon")
	admission.listed(addon.attr.name, _params.engines)
}

_engine if {
	some release in stack.documents("helm_release")
	admission.listed(release.attr.chart, _params.engines)
}

# A chart whose name is not known yet may be one.
_open_charts := [release | some release in stack.documents("helm_release"); known.reason(release, "chart")]

deny contains result.gap(cluster, message) if {
	some cluster in stack.documents("eks_cluster")
	not _engine
	count(_open_charts) == 0
	message := sprintf("nothing that was read judges what is admitted to cluster %q by policies", [cluster.name])
}

deny contains result.as_unknown(result.gap(cluster, message), "the name of a chart is not known yet") if {
	some cluster in stack.documents("eks_cluster")
	not _engine
	count(_open_charts) > 0
	message := sprintf("whether a policy engine is installed in cluster %q is not known", [cluster.name])
}
