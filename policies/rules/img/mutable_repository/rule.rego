# METADATA
# title: Tags of the repository can be moved
# description: >-
#   Whoever may push can put another image under a tag that has been reviewed and deployed, and the next
#   pod runs it.
# related_resources:
#   - description: Preventing image tags from being overwritten
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
#   - description: AWS Security Hub control ECR.2
#     ref: https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-2
# custom:
#   id: PLM-IMG-007
#   severity: medium
#   category: supply-chain
#   since: 0.1.0
#   formats: [T, C]
#   remediation: |
#     Keep tags from moving. If some have to, use IMMUTABLE_WITH_EXCLUSION with a filter for exactly those.
#     Terraform: image_tag_mutability = "IMMUTABLE"
#     CloudFormation: ImageTagMutability: IMMUTABLE
#   on: [ecr_repository]
#   needs: [tag_mutability, mutability_exclusions]
#   controls:
#     securityhub: [ECR.2]
#     eks-bpg: [image-security]
#   aliases: [CKV_AWS_51, use_immutable_tags_with_ecr]
package plimsoll.rules.img.mutable_repository

import data.plimsoll.lib.ecr
import data.plimsoll.lib.result

deny contains result.at("tag_mutability", message) if {
	problem := ecr.mutability({
		"tag_mutability": input.attr.tag_mutability,
		"mutability_exclusions": object.get(input.attr, "mutability_exclusions", []),
	})
	message := sprintf("tags of repository %q can be moved: image tag mutability is %s", [object.get(input, "name", ""), problem])
}
