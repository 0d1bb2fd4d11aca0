# METADATA
# title: Kubelets of the nodes that may run a workload
# description: For stack rules.
package plimsoll.lib.kubelets

import data.plimsoll.lib.known
import data.plimsoll.lib.stack

# seccomp_default tells whether containers without a seccomp profile get the
# runtime's: "yes" when every known node group that may run the workload says so,
# "no" when one does not or none is known, "unknown" when that is not known yet.
seccomp_default(workload) := _verdict({_seccomp(group) | some group in _groups(workload)})

_verdict(answers) := "no" if {
	count(answers) == 0
} else := "no" if {
	"no" in answers
} else := "unknown" if {
	"unknown" in answers
} else := "yes"

# _groups lists the node groups of the workload's cluster, all of them where its
# cluster is not known.
_groups(workload) := groups if {
	clusters := stack.linked("cluster_of", workload.id)
	count(clusters) > 0
	groups := [group |
		some cluster in clusters
		some group in stack.backlinked("cluster_of", cluster.id)
		group.type == "node_group"
	]
} else := stack.documents("node_group")

_seccomp(group) := "yes" if {
	group.attr.kubelet_config.seccompDefault == true
} else := "yes" if {
	some holder in _holders(group)
	regex.match(_seccomp_setting, _plain(holder.attr.user_data))
} else := "unknown" if {
	known.reason(group, "kubelet_config")
} else := "unknown" if {
	some holder in _holders(group)
	known.reason(holder, "user_data")
} else := "no"

# _plain is user data as text: it is mostly in base64.
_plain(text) := base64.decode(text) if {
	base64.is_valid(text)
} else := text

_holders(group) := array.concat([group], stack.linked("launch_template_of", group.id))

# nodeadm's NodeConfig and KubeletConfiguration, the kubelet's flag, Bottlerocket's
# settings.
_seccomp_setting := `(?m)seccompDefault["']?\s*:\s*true\b|--seccomp-default(?:=true)?(?:[\s"']|$)|^\s*"?seccomp-default"?\s*=\s*true\b`
