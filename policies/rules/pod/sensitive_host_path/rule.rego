# METADATA
# title: Sensitive path of the node is mounted
# description: >-
#   Whoever may write to these paths can change what the node runs, read the
#   credentials of every pod on it, or speak to its devices and its kernel: the
#   container is root on the node by a detour. Mounted read-only they still give
#   secrets away.
# related_resources:
#   - description: Volumes, hostPath
#     ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
# custom:
#   id: PLM-POD-013
#   severity: critical
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the volume; to read logs, mount the one folder that is needed, read-only.
#     Kubernetes: volumeMounts: [{name: logs, mountPath: /var/log/pods, readOnly: true}]
#     Terraform:
#       volume_mount {
#         name       = "logs"
#         mount_path = "/var/log/pods"
#         read_only  = true
#       }
#   on: [workload]
#   reads: ["pod.volumes[*].hostPath.path", "containers[*].volumeMounts[*]"]
#   parameters:
#     - name: sensitive_paths
#       type: list(string)
#       default:
#         - /
#         - /boot
#         - /dev
#         - /etc
#         - /home
#         - /lib/modules
#         - /proc
#         - /root
#         - /run
#         - /sys
#         - /usr
#         - /var/lib/containerd
#         - /var/lib/kubelet
#         - /var/log
#         - /var/run
#       description: >-
#         Paths that may not be mounted, with everything below and above them; / stands for itself.
#   controls:
#     nsa: [pod-security]
#     eks-bpg: [pod-security]
#   aliases: [C-0045, C-0055, KSV-0121]
#   supersedes: [PLM-POD-012]
package plimsoll.rules.pod.sensitive_host_path

import data.plimsoll.lib.hostpaths
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

_params := data.plimsoll.params.pod.sensitive_host_path

_is_sensitive(path) if path in _params.sensitive_paths

_is_sensitive(path) if {
	some listed in _params.sensitive_paths
	_is_below(path, listed)
}

_is_sensitive(path) if {
	some listed in _params.sensitive_paths
	_is_below(listed, path)
}

_is_below(path, parent) if startswith(path, sprintf("%s/", [parent]))

# Programs may read the modules that the kernel has anyway.
_is_harmless(path) if path == "/lib/modules"

_is_harmless(path) if _is_below(path, "/lib/modules")

_mounted[i] := [name, path] if {
	some i, volume in pods.list(input.attr.pod.volumes)
	path := hostpaths.clean(input.attr.pod.volumes[i].hostPath.path)
	name := pods.name(volume)
	_is_sensitive(path)
	count(hostpaths.mounts(name)) > 0
}

deny contains system.judge_pod("PLM-POD-013", path, res) if {
	some i, [name, path] in _mounted
	not hostpaths.is_read_only(name)
	res := result.at(
		sprintf("pod.volumes[%d].hostPath.path", [i]),
		sprintf("%s mounts the path %s of the node, writable", [pods.subject, path]),
	)
}

# What may be mounted at all may be read.
deny contains system.judge_pod("PLM-POD-012", path, result.with_severity(res, "high")) if {
	some i, [name, path] in _mounted
	hostpaths.is_read_only(name)
	not _is_harmless(path)
	res := result.at(
		sprintf("pod.volumes[%d].hostPath.path", [i]),
		sprintf("%s mounts the path %s of the node, read-only", [pods.subject, path]),
	)
}
