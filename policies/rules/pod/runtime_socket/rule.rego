# METADATA
# title: Socket of the container runtime is mounted
# description: >-
#   Through the socket a process starts any container on the node, privileged ones
#   included, and reads those of others. Reading and writing make no difference: a
#   socket mounted read-only takes commands just as well.
# related_resources:
#   - description: EKS best practices, pod security
#     ref: https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html
#   - description: Container runtimes
#     ref: https://kubernetes.io/docs/setup/production-environment/container-runtimes/
# custom:
#   id: PLM-POD-014
#   severity: critical
#   category: isolation
#   since: 0.1.0
#   formats: [K, T]
#   remediation: |
#     Remove the volume. Build images without a daemon: with rootless BuildKit or a build service.
#     Kubernetes: volumes: [{name: work, emptyDir: {}}]
#     Terraform:
#       volume {
#         name = "work"
#         empty_dir {}
#       }
#   on: [workload]
#   reads: ["pod.volumes[*].hostPath.path"]
#   controls:
#     eks-bpg: [pod-security]
#   aliases: [C-0074, CKV_K8S_27, disallow_container_socket_mount]
#   supersedes: [PLM-POD-012, PLM-POD-013]
package plimsoll.rules.pod.runtime_socket

import data.plimsoll.lib.hostpaths
import data.plimsoll.lib.pods
import data.plimsoll.lib.result
import data.plimsoll.lib.system

_sockets := {"containerd.sock", "cri-dockerd.sock", "crio.sock", "docker.sock", "dockershim.sock"}

_folders := {"/run", "/run/containerd", "/run/crio", "/var/run", "/var/run/containerd", "/var/run/crio"}

_has_socket(path) if path in _folders

_has_socket(path) if {
	parts := split(path, "/")
	parts[count(parts) - 1] in _sockets
}

deny contains system.judge_pod("PLM-POD-014", path, res) if {
	some i, _ in pods.list(input.attr.pod.volumes)
	path := hostpaths.clean(input.attr.pod.volumes[i].hostPath.path)
	_has_socket(path)
	res := result.at(
		sprintf("pod.volumes[%d].hostPath.path", [i]),
		sprintf("%s can reach the container runtime through %s", [pods.subject, path]),
	)
}
