# METADATA
# title: Pull-through cache is not scanned or its tags move
# description: >-
#   What the cache brings in was built by strangers. Where no filter of the registry's scans covers the
#   cache's prefix nobody looks into it, and a creation template that leaves tags mutable lets the
#   upstream change what a tag means here.
# related_resources:
#   - description: Pull-through cache
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
#   - description: Repository creation templates
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
# custom:
#   id: PLM-IMG-012
#   severity: low
#   category: supply-chain
#   since: 0.1.0
#   formats: [T, C]
#   scope: stack
#   remediation: |
#     Let the registry's scans cover the prefix, and keep the tags of cached images.
#     Terraform:
#       resource "aws_ecr_registry_scanning_configuration" "this" {
#         scan_type = "BASIC"
#         rule {
#           scan_frequency = "SCAN_ON_PUSH"
#           repository_filter {
#             filter      = "docker-hub/*"
#             filter_type = "WILDCARD"
#           }
#         }
#       }
#       resource "aws_ecr_repository_creation_template" "docker_hub" {
#         prefix               = "docker-hub"
#         applied_for          = ["PULL_THROUGH_CACHE"]
#         image_tag_mutability = "IMMUTABLE"
#       }
#     CloudFormation:
#       Scanning:
#         Type: AWS::ECR::RegistryScanningConfiguration
#         Properties:
#           ScanType: BASIC
#           Rules: [{ScanFrequency: SCAN_ON_PUSH, RepositoryFilters: [{Filter: docker-hub/*, FilterType: WILDCARD}]}]
#       Cache:
#         Type: AWS::ECR::RepositoryCreationTemplate
#         Properties: {Prefix: docker-hub, AppliedFor: [PULL_THROUGH_CACHE], ImageTagMutability: IMMUTABLE}
#   on: [ecr_pull_through_cache]
#   controls:
#     eks-bpg: [image-security]
#   aliases: []
package plimsoll.rules.img.unscanned_cache

import data.plimsoll.lib.ecr
import data.plimsoll.lib.known
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains res if {
	some cache in stack.documents("ecr_pull_through_cache")
	prefix := cache.attr.prefix
	not ecr.covered(_sample(prefix), false)
	message := sprintf("no scan of the registry covers what the cache %q brings in", [prefix])
	res := _settled(result.on(cache, "prefix", message))
}

# Any filter may cover a prefix that is not known, but for one that covers all.
deny contains result.as_unknown(result.on(cache, "prefix", message), reason) if {
	some cache in stack.documents("ecr_pull_through_cache")
	reason := known.reason(cache, "prefix")
	not ecr.covered("", false)
	message := "whether a scan of the registry covers the cache is not known before deployment"
}

deny contains result.with_related(result.on(template, "tag_mutability", message), related) if {
	some cache in stack.documents("ecr_pull_through_cache")
	some template in stack.documents("ecr_creation_template")
	template.attr.prefix in {cache.attr.prefix, "ROOT"}
	"PULL_THROUGH_CACHE" in template.attr.applied_for
	problem := ecr.mutability(template.attr)
	related := [result.place(cache, "prefix", "the cache")]
	message := sprintf("tags of what the cache %q brings in can be moved: %s", [cache.attr.prefix, problem])
}

# Some repository below the prefix; ROOT stands for no prefix at all.
_sample(prefix) := "~/~" if {
	prefix == "ROOT"
} else := sprintf("%s/~", [prefix])

_settled(res) := result.as_unknown(res, reason) if {
	reason := min(ecr.registry_doubts)
} else := res
