# METADATA
# title: Workloads and their containers
# description: About the document under judgement, for resource rules.
package plimsoll.lib.pods

import data.plimsoll.lib.versions

# subject names the workload for a message: Deployment "web".
subject := sprintf("%s %q", [input.attr.kind, input.name])

# label names a container for a message: by its name, or by its place when it
# has none.
label(container, _) := sprintf("container %q", [container.name]) if container.name

label(container, i) := sprintf("container %d", [i]) if not container.name

# is_windows tells that the pods run on Windows, where Linux-only fields may not
# be set.
is_windows if input.attr.os == "windows"

# has_user_namespace tells that root in the container is nobody on the node, and
# that the Pod Security Standards of the given version count that: they do from
# 1.35.
has_user_namespace(pss_version) if {
	input.attr.pod.hostUsers == false
	versions.at_least(pss_version, "1.35")
}
