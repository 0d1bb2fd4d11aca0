# METADATA
# title: Workloads on Fargate
# description: For stack rules.
# related_resources:
#   - description: Define which pods use AWS Fargate when launched
#     ref: https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html
package plimsoll.lib.fargate

import data.plimsoll.lib.known
import data.plimsoll.lib.stack

# selections lists the selectors that send a workload to Fargate: the profile and
# the selector's place in it.
selections(workload) := {[profile.id, i] |
	some profile in _profiles(workload)
	some i, selector in profile.attr.selectors
	_matches(selector.namespace, workload.namespace)
	every key, pattern in object.get(selector, "labels", {}) {
		_matches(pattern, workload.attr.labels[key])
	}
}

# doubt says why it is not known whether a profile selects a workload; it is
# undefined when it is.
doubt(workload) := min(reasons) if {
	reasons := {reason |
		some profile in _profiles(workload)
		some [document, path] in [[profile, "selectors"], [workload, "labels"]]
		reason := known.reason(document, path)
	}
}

_profiles(workload) := [profile |
	some profile in stack.documents("fargate_profile")
	_may_share_cluster(profile, workload)
]

_may_share_cluster(profile, workload) if stack.linked("cluster_of", profile.id) == stack.linked("cluster_of", workload.id)

# What is known of one side alone says nothing where there are several clusters.
_may_share_cluster(profile, workload) if {
	count(stack.documents("eks_cluster")) < 2
	some side in [profile, workload]
	count(stack.linked("cluster_of", side.id)) == 0
}

# * stands for any text, ? for any character.
_matches(pattern, text) if {
	is_string(pattern)
	is_string(text)
	glob.match(regex.replace(pattern, `[\[\]{}\\!,]`, `\$0`), null, text)
}
