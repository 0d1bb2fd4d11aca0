# METADATA
# title: The run
# description: What rules may know of the run they are part of.
package plimsoll.lib.run

import data.plimsoll.lib.versions

# pss_level is "baseline" or "restricted" under the profiles pss-baseline and
# pss-restricted, and undefined under others. Where it is defined, rules judge
# exactly the checks they name under controls.pss: neither exemptions nor
# parameters other than pss_version count.
pss_level := trim_prefix(data.plimsoll.profile, "pss-") if startswith(data.plimsoll.profile, "pss-")

# kube_version is the Kubernetes version of the run as text, "latest" unless
# somebody said.
kube_version := data.plimsoll.kube_version

kube_version := "latest" if not data.plimsoll.kube_version

# _version is the Kubernetes version of the run as [major, minor]; the newest
# unless somebody said.
_version := versions.minor(data.plimsoll.kube_version) if {
	data.plimsoll.kube_version != "latest"
} else := [999, 0]

# is_since tells that the run is for the given Kubernetes version, such as
# [1, 34], or a later one.
is_since(threshold) if _version >= threshold

# is_restricted_since tells that besides, its level is restricted.
is_restricted_since(threshold) if {
	pss_level == "restricted"
	_version >= threshold
}

# counts tells that a version threshold is met for a rule whose parameter
# pss_version overrules the version of the run.
counts(pss_version, threshold) if {
	pss_version != "latest"
	versions.minor(pss_version) >= threshold
}

counts(pss_version, threshold) if {
	pss_version == "latest"
	_version >= threshold
}
