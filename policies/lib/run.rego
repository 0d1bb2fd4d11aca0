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

# kube_version is the Kubernetes version of the run, "latest" unless somebody
# said.
kube_version := data.plimsoll.kube_version

kube_version := "latest" if not data.plimsoll.kube_version

# is_since tells that the run is for the given Kubernetes version or a later one.
is_since(threshold) if versions.at_least(kube_version, threshold)

# is_restricted_since tells that besides, its level is restricted.
is_restricted_since(threshold) if {
	pss_level == "restricted"
	is_since(threshold)
}

# counts tells that a version threshold is met for a rule whose parameter
# pss_version overrules the version of the run.
counts(pss_version, threshold) if {
	pss_version != "latest"
	versions.at_least(pss_version, threshold)
}

counts(pss_version, threshold) if {
	pss_version == "latest"
	is_since(threshold)
}
