# METADATA
# title: Linux capabilities
package plimsoll.lib.capabilities

import data.plimsoll.lib.baseline
import data.plimsoll.lib.restricted
import data.plimsoll.lib.run

# normal is a capability's name in upper case, without the CAP_ that some
# runtimes accept in front.
normal(name) := trim_prefix(upper(name), "CAP_") if is_string(name)

# path is where the capability at place j of container i is added.
path(i, j) := sprintf("containers[%d].securityContext.capabilities.add[%d]", [i, j])

# violations lists the added capabilities that the level of the run forbids.
violations contains violation if some violation in baseline.violations.capabilities_baseline

violations contains violation if {
	run.pss_level == "restricted"
	some violation in restricted.violations.capabilities_restricted
	violation.part == "add"
}
