# METADATA
# title: Images of the repository are not scanned
# description: >-
#   Holes that the whole world knows of go unnoticed, in the images that are pushed and in those that
#   have been running for long.
# related_resources:
#   - description: Scan images in Amazon ECR
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
#   - description: AWS Security Hub control ECR.1
#     ref: https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-1
# custom:
#   id: PLM-IMG-006
#   severity: medium
#   category: vulnerabilities
#   since: 0.1.0
#   formats: [T, C]
#   scope: stack
#   remediation: |
#     Let Amazon Inspector scan the whole registry continuously, or scan the images of the repository when they
#     are pushed.
#     Terraform:
#       resource "aws_ecr_registry_scanning_configuration" "this" {
#         scan_type = "ENHANCED"
#         rule {
#           scan_frequency = "CONTINUOUS_SCAN"
#           repository_filter {
#             filter      = "*"
#             filter_type = "WILDCARD"
#           }
#         }
#       }
#     CloudFormation: ImageScanningConfiguration: {ScanOnPush: true}
#   on: [ecr_repository]
#   needs: [scan_on_push]
#   parameters:
#     - name: require_enhanced
#       type: bool
#       default: false
#       description: Basic scans are not enough; Amazon Inspector has to scan.
#   controls:
#     cis-eks: ["5.1.1"]
#     securityhub: [ECR.1, Inspector.2]
#     eks-bpg: [image-security]
#   aliases: [CKV_AWS_163, C-0221]
package plimsoll.rules.img.unscanned_repository

import data.plimsoll.lib.ecr
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

_params := data.plimsoll.params.img.unscanned_repository

_how := "by Amazon Inspector" if _params.require_enhanced

_how := "on push or by the registry" if not _params.require_enhanced

deny contains res if {
	some repository in stack.documents("ecr_repository")
	not ecr.is_scanned(repository, _params.require_enhanced)
	message := sprintf("images of repository %q are not scanned %s", [object.get(repository.attr, "name", repository.name), _how])
	res := _settled(repository, result.on(repository, "scan_on_push", message))
}

_settled(repository, res) := result.as_unknown(res, ecr.scan_doubt(repository, _params.require_enhanced))

_settled(repository, res) := res if not ecr.scan_doubt(repository, _params.require_enhanced)
