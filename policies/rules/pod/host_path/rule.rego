# METADATA
# title: hostPath volume is mounted
# description: >-
#   The pod reaches into the file system of whatever node it runs on. It can leave
#   something behind there for the next one, and reads what was never meant for it.
# related_resources:
#   - description: Kubernetes volumes, hostPath
#     ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: PLM-POD-012
#   severity: medium
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Use a CSI volume, an emptyDir or a projected volume in place of hostPath.
#     Kubernetes: volumes: [{name: scratch, emptyDir: {sizeLimit: 1Gi}}]
#     Terraform:
#       volume {
#         name = "scratch"
#         empty_dir { size_limit = "1Gi" }
#       }
#   on: [workload]
#   reads: ["pod.volumes[*]", "containers[*].volumeMounts[*].name"]
#   parameters:
#     - name: allowed_host_paths
#       type: list(string)
#       default: []
#       description: >-
#         Paths that pods may mount, such as /var/log/pods; an asterisk stands for any text. System
#         add-ons may use their own without being listed.
#   controls:
#     pss: [baseline/hostPathVolumes, restricted/restrictedVolumes]
#     eks-bpg: [pod-security]
#   aliases: [C-0048, KSV-0023, disallow_host_path_or_make_it_read_only]
package plimsoll.rules.pod.host_path

import data.plimsoll.lib.baseline
import data.plimsoll.lib.hostpaths
import data.plimsoll.lib.pods
import data.plimsoll.lib.restricted
import data.plimsoll.lib.result
import data.plimsoll.lib.run
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.host_path

_path(volume) := path if {
	path := hostpaths.clean(volume.hostPath.path)
} else := ""

_words(path) := sprintf("the path %s", [path]) if path != ""

_words(path) := "a path" if path == ""

_allowed(path) if {
	some pattern in _params.allowed_host_paths
	glob.match(pattern, null, path)
}

_adjusted(res, name) := result.with_severity(res, "low") if hostpaths.is_read_only(name)

_adjusted(res, name) := res if not hostpaths.is_read_only(name)

deny contains system.judge_pod("PLM-POD-012", path, _adjusted(res, name)) if {
	not run.pss_level
	some i, volume in pods.list(input.attr.pod.volumes)
	is_object(input.attr.pod.volumes[i].hostPath)
	path := _path(volume)
	name := pods.name(volume)
	not _allowed(path)
	res := result.at(
		sprintf("pod.volumes[%d].hostPath", [i]),
		sprintf("volume %q of %s is %s of the node", [name, pods.subject, _words(path)]),
	)
}

deny contains result.at(violation.path, violation.message) if {
	run.pss_level == "baseline"
	some violation in baseline.violations.hostPathVolumes
}

deny contains result.at(violation.path, violation.message) if {
	run.pss_level == "restricted"
	some violation in restricted.violations.restrictedVolumes
	violation.part == "hostPath"
}
