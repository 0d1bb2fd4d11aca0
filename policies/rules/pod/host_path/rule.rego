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
#   remediation: Use a CSI volume, an emptyDir or a projected volume in place of hostPath.
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

import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.host_path

_path(volume) := _clean(object.get(volume.hostPath, "path", ""))

_clean(path) := trim_right(path, "/") if {
	is_string(path)
	path != "/"
} else := path

_words(path) := sprintf("the path %s", [path]) if path != ""

_words(path) := "a path" if path == ""

_allowed(path) if {
	some pattern in _params.allowed_host_paths
	glob.match(pattern, null, path)
}

_mounts(name) := [mount |
	some container in input.attr.containers
	some mount in container.volumeMounts
	mount.name == name
]

_is_read_only(name) if {
	count(_mounts(name)) > 0
	every mount in _mounts(name) {
		mount.readOnly == true
	}
}

_adjusted(res, name) := result.with_severity(res, "low") if _is_read_only(name)

_adjusted(res, name) := res if not _is_read_only(name)

deny contains system.judge_pod("PLM-POD-012", path, _adjusted(res, name)) if {
	some i, volume in input.attr.pod.volumes
	is_object(input.attr.pod.volumes[i].hostPath)
	path := _path(volume)
	name := object.get(volume, "name", "")
	not _allowed(path)
	res := result.at(
		sprintf("pod.volumes[%d].hostPath", [i]),
		sprintf("volume %q of %s is %s of the node", [name, pods.subject, _words(path)]),
	)
}
