# METADATA
# title: Workloads and their containers
# description: >-
#   Helpers without a parameter are about the document under judgement, for
#   resource rules.
package plimsoll.lib.pods

import data.plimsoll.lib.known
import data.plimsoll.lib.run

# subject names the workload for a message: Deployment "web".
subject := named(input)

# named does so for any workload of a stack.
named(workload) := sprintf("%s %q", [workload.attr.kind, workload.name])

# label names a container for a message: by its name, or by its place when it
# has none.
label(container, _) := sprintf("container %q", [container.name]) if container.name

label(container, i) := sprintf("container %d", [i]) if not container.name

# name is a container's name, empty when it has none or the container itself is
# not known.
name(container) := field(container, "name")

# text reads an enumeration or a name as the API server does: null is empty.
text(value) := value if is_string(value)

text(null) := ""

# field reads a text from an object that need not be one.
field(object, key) := text(object[key])

field(object, key) := "" if not object[key]

# hidden says why it is not known which containers a workload has; it is undefined
# when it is. For stack rules, which the engine does not ask about it.
hidden(workload) := known.words(workload.unknown.containers.reason)

# has_known_namespace tells that the namespace of a workload is known: not left to
# a template or to a resource that is yet to be made.
has_known_namespace(workload) if {
	workload.namespace != ""
	not contains(workload.namespace, "${")
}

# is_of_release tells that a workload goes where its Helm release goes: only the
# release's command knows.
is_of_release(workload) if {
	workload.format == "helm"
	workload.namespace == "default"
}

# is_static tells that the document is a pod of the control plane, which the
# kubelet starts from a file.
is_static if {
	input.kind == "v1/Pod"
	some key in ["kubernetes.io/config.source", "kubernetes.io/config.mirror"]
	input.attr.annotations[key]
}

is_static if {
	input.kind == "v1/Pod"
	input.namespace == "kube-system"
	input.attr.labels.tier == "control-plane"
}

# list is a list that need not be one: malformed input has all kinds of things in
# the place of lists, and their keys are no places.
list(value) := value if is_array(value)

# is_windows tells that the pods run on Windows, where Linux-only fields may not
# be set.
is_windows if input.attr.os == "windows"

# has_user_namespace tells that root in the container is nobody on the node, and
# that the Pod Security Standards count that: they do from 1.35. The version is a
# rule's parameter pss_version; "latest" is the version of the run.
has_user_namespace(pss_version) if {
	input.attr.pod.hostUsers == false
	run.counts(pss_version, [1, 35])
}
