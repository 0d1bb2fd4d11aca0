# METADATA
# title: IAM policy gives broad rights on the registry
# description: >-
#   Whoever may push to every repository, or delete in it, can change or stop every workload. People and
#   pods need to pull, and only a pipeline needs to push, to its own repositories.
# related_resources:
#   - description: Identity-based policies for Amazon ECR
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html
#   - description: EKS Best Practices Guide, image security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/image-security.html
# custom:
#   id: PLM-IMG-010
#   severity: medium
#   category: access
#   since: 0.1.0
#   formats: [T, C]
#   remediation: |
#     Name the actions and the repositories. Roles of pipelines that have to push everywhere belong in the
#     parameter pipeline_roles.
#     Terraform:
#       actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
#       resources = ["arn:aws:ecr:eu-west-1:123456789012:repository/shop/*"]
#     CloudFormation:
#       Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
#       Resource: arn:aws:ecr:eu-west-1:123456789012:repository/shop/*
#   on: [iam_policy, iam_role, iam_policy_attachment]
#   reads: [document, name, roles, inline, attached, policy, policies]
#   parameters:
#     - name: pipeline_roles
#       type: list(string)
#       default: []
#       description: Names of roles and policies (with * for any text) that may push to every repository.
#   controls:
#     cis-eks: ["5.1.2"]
#     eks-bpg: [image-security]
#   aliases: [C-0222]
package plimsoll.rules.img.broad_registry_rights

import data.plimsoll.lib.ecr_policy
import data.plimsoll.lib.result

_params := data.plimsoll.params.img.broad_registry_rights

_is_everything(resource) if resource == "*"

_is_everything(resource) if regex.match(`^arn:[^:]*:ecr:[^:]*:[^:]*:(repository/)?\*$`, resource)

# The first action of a statement that changes images anywhere. Statements about
# all of AWS are the rules' about administrators.
_broad(statement) := actions[0] if {
	statement.effect == "Allow"
	count(statement.conditions) == 0
	actions := [action |
		some action in statement.actions
		startswith(lower(action), "ecr:")
		count(ecr_policy.writes(action)) > 0
	]
	count(actions) > 0
	some resource in statement.resources
	_is_everything(resource)
}

_managed := {"AmazonEC2ContainerRegistryFullAccess", "AmazonEC2ContainerRegistryPowerUser"}

_managed_name(arn) := name if {
	name := regex.replace(arn, `^arn:[^:]*:iam::aws:policy/`, "")
	name in _managed
}

_is_pipeline if {
	some pattern in _params.pipeline_roles
	some name in array.concat([input.name, input.attr.name], object.get(input.attr, "roles", []))
	glob.match(pattern, null, name)
}

deny contains result.at(path, message) if {
	not _is_pipeline
	some path, statement in _statements
	action := _broad(statement)
	message := sprintf("%q allows %s on every repository", [input.name, action])
}

deny contains result.at(path, message) if {
	not _is_pipeline
	some path, arn in _arns
	message := sprintf("%q attaches %s, which allows pushes to every repository", [input.name, _managed_name(arn)])
}

_statements[sprintf("document.statements[%d]", [i])] := statement if some i, statement in input.attr.document.statements

_statements[sprintf("inline[%d].document.statements[%d]", [j, i])] := statement if {
	some j, policy in input.attr.inline
	some i, statement in policy.document.statements
}

_arns[sprintf("attached[%d].arn", [i])] := policy.arn if some i, policy in input.attr.attached

_arns["policy"] := input.attr.policy

_arns[sprintf("policies[%d]", [i])] := arn if some i, arn in input.attr.policies
