# METADATA
# title: Workload runs images of a weak repository
# description: >-
#   The repository that this workload is deployed from is not scanned, or lets its tags be moved: what
#   runs here may have known holes, or be something else than what was reviewed.
# related_resources:
#   - description: EKS Best Practices Guide, image security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/image-security.html
#   - description: Scan images in Amazon ECR
#     ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
# custom:
#   id: PLM-IMG-011
#   severity: medium
#   category: supply-chain
#   since: 0.1.0
#   formats: [K, T, C]
#   scope: stack
#   remediation: |
#     Mend the repository (PLM-IMG-006, PLM-IMG-007), or pin the image to a digest that was scanned.
#     Kubernetes: image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.4.2@sha256:9f2c1d0e8b7a6f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c
#     Terraform:
#       image_tag_mutability = "IMMUTABLE"
#       image_scanning_configuration {
#         scan_on_push = true
#       }
#     CloudFormation:
#       ImageTagMutability: IMMUTABLE
#       ImageScanningConfiguration: {ScanOnPush: true}
#   on: [workload]
#   controls:
#     eks-bpg: [image-security]
#   aliases: []
package plimsoll.rules.img.weak_source_repository

import data.plimsoll.lib.ecr
import data.plimsoll.lib.image
import data.plimsoll.lib.known
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.stack

deny contains res if {
	some workload in stack.documents("workload")
	some i, container in workload.attr.containers
	path := sprintf("containers[%d].image", [i])
	some repository in _sources(workload, path, container)
	problems := _problems(repository)
	count(problems) > 0
	message := sprintf("%s runs an image of repository %q, %s", [pods.label(container, i), repository.name, concat(" and ", problems)])
	related := [result.place(repository, "name", "the repository")]
	res := result.with_related(result.on(workload, path, message), related)
}

deny contains res if {
	some workload in stack.documents("workload")
	some i, container in workload.attr.containers
	path := sprintf("containers[%d].image", [i])
	some repository in _sources(workload, path, container)
	count(_problems(repository)) == 0
	reason := _doubt(repository)
	message := sprintf("%s runs an image of repository %q, of which it is not known whether it is scanned and keeps its tags", [pods.label(container, i), repository.name])
	res := result.as_unknown(result.on(workload, path, message), reason)
}

# The repositories of an image: those of its name, or those a reference leads to.
_sources(_, _, container) := object.get(_by_name, image.ecr_name(container.image), [])

_sources(workload, path, container) := [repository |
	some token in workload.unknown[path].refs
	repository := input.stack.documents[stack.target({"to": token})]
	repository.type == "ecr_repository"
] if {
	not container.image
}

_by_name[name] contains repository if {
	some repository in stack.documents("ecr_repository")
	name := repository.attr.name
}

_problems(repository) := [problem |
	some problem in [_unscanned(repository), _movable(repository)]
	problem != ""
]

_unscanned(repository) := "which nothing scans" if {
	not ecr.is_scanned(repository, false)
	not ecr.scan_doubt(repository, false)
} else := ""

_movable(repository) := "whose tags can be moved" if {
	ecr.mutability(repository.attr)
	not known.reason(repository, "mutability_exclusions")
} else := ""

_doubt(repository) := min(_doubts(repository))

_doubts(repository) := {reason |
	not ecr.is_scanned(repository, false)
	reason := ecr.scan_doubt(repository, false)
} | {reason |
	some path in ["tag_mutability", "mutability_exclusions"]
	reason := known.reason(repository, path)
}
