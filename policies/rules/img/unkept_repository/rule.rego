# METADATA
# title: Repository lacks its own key or a lifecycle policy
# description: >-
#   Without a key of one's own nobody can take the right to read the images back or see who used it.
#   Without a lifecycle policy old images with known holes stay there to be deployed.
# related_resources:
#   - description: Encryption at rest in Amazon ECR
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
#   - description: Lifecycle policies
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
# custom:
#   id: PLM-IMG-009
#   severity: low
#   category: data-protection
#   since: 0.1.0
#   formats: [T, C]
#   scope: stack
#   remediation: |
#     Encrypt with a key of your own (this makes a new repository) and let old images expire.
#     Terraform:
#       encryption_configuration {
#         encryption_type = "KMS"
#         kms_key         = aws_kms_key.images.arn
#       }
#       resource "aws_ecr_lifecycle_policy" "web" {
#         repository = aws_ecr_repository.web.name
#         policy     = file("lifecycle.json")
#       }
#     CloudFormation:
#       EncryptionConfiguration: {EncryptionType: KMS, KmsKey: !GetAtt ImagesKey.Arn}
#       LifecyclePolicy:
#         LifecyclePolicyText: '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}, "action": {"type": "expire"}}]}'
#   on: [ecr_repository]
#   needs: [encryption.type, lifecycle]
#   controls:
#     securityhub: [ECR.3, ECR.5]
#   aliases: [CKV_AWS_136]
package plimsoll.rules.img.unkept_repository

import data.plimsoll.lib.ecr
import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains result.on(repository, "encryption.type", message) if {
	some repository in stack.documents("ecr_repository")
	not _is_kms(repository)
	message := sprintf("repository %q is not encrypted with KMS", [_name(repository)])
}

deny contains result.on(repository, "lifecycle", message) if {
	some repository in stack.documents("ecr_repository")
	_keeps_all(repository)
	not _doubt(repository)
	message := sprintf("repository %q has no lifecycle policy", [_name(repository)])
}

deny contains result.as_unknown(result.on(repository, "lifecycle", message), _doubt(repository)) if {
	some repository in stack.documents("ecr_repository")
	_keeps_all(repository)
	message := sprintf("whether repository %q has a lifecycle policy is not known before deployment", [_name(repository)])
}

_name(repository) := object.get(repository.attr, "name", repository.name)

_is_kms(repository) if startswith(repository.attr.encryption.type, "KMS")

_keeps_all(repository) if {
	not repository.attr.lifecycle
	count(ecr.belonging("ecr_lifecycle_policy", repository)) == 0
}

_doubt(repository) := min(_doubts(repository))

_doubts(repository) := {reason |
	reason := known.reason(repository, "lifecycle")
} | {reason |
	some policy in stack.documents("ecr_lifecycle_policy")
	reason := known.reason(policy, "repository")
	count([r | some r in policy.refs; r.path == "repository"; stack.target(r)]) == 0
}
