# METADATA
# title: Pod Security Standards, restricted
# description: >-
#   The checks that the restricted level adds to those of the baseline, in the form
#   of data.plimsoll.lib.baseline. Where one check says several things, part tells
#   which.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: The admission plugin's checks
#     ref: https://pkg.go.dev/k8s.io/pod-security-admission/policy
package plimsoll.lib.restricted

import data.plimsoll.lib.baseline
import data.plimsoll.lib.pods
import data.plimsoll.lib.run

_on_container(i, path, part, value, message) := {
	"path": sprintf("containers[%d].%s", [i, path]),
	"on": i,
	"part": part,
	"value": value,
	"message": sprintf("%s of %s %s", [pods.label(input.attr.containers[i], i), pods.subject, message]),
}

_on_pod(path, part, value, message) := {
	"path": path,
	"on": "pod",
	"part": part,
	"value": value,
	"message": sprintf("%s %s", [pods.subject, message]),
}

_is_exempt_windows if {
	input.attr.pod.os.name == "windows"
	run.is_since([1, 25])
}

violations.allowPrivilegeEscalation contains _on_container(i, "effective.allow_privilege_escalation", "", "", "may gain privileges") if {
	run.is_since([1, 8])
	not _is_exempt_windows
	some i, _ in input.attr.containers
	not input.attr.containers[i].effective.allow_privilege_escalation == false
}

_drops_all(i) if "ALL" in input.attr.containers[i].securityContext.capabilities.drop

violations.capabilities_restricted contains _on_container(i, "securityContext.capabilities.drop", "drop", "", message) if {
	run.is_since([1, 22])
	not _is_exempt_windows
	some i, _ in input.attr.containers
	not _drops_all(i)
	message := "does not drop ALL capabilities"
}

violations.capabilities_restricted contains _on_container(i, path, "add", name, message) if {
	run.is_since([1, 22])
	not _is_exempt_windows
	some i, container in input.attr.containers
	some j, _ in pods.list(container.securityContext.capabilities.add)
	name := input.attr.containers[i].securityContext.capabilities.add[j]
	name != "NET_BIND_SERVICE"
	path := sprintf("securityContext.capabilities.add[%d]", [j])
	message := sprintf("adds the capability %v", [name])
}

violations.procMount_restricted contains object.union(violation, {"part": ""}) if {
	run.is_since([1, 35])
	some violation in baseline.unmasked
}

_allowed_sources := {
	"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
}

_other_sources := {
	"awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume", "flocker",
	"gcePersistentDisk", "gitRepo", "glusterfs", "hostPath", "iscsi", "nfs", "photonPersistentDisk", "portworxVolume",
	"quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
}

# A volume without a source gets an emptyDir from the API server.
violations.restrictedVolumes contains _on_pod(path, source, source, message) if {
	some i, volume in pods.list(input.attr.pod.volumes)
	sources := {source | some source, value in volume; value != null}
	count(sources & _allowed_sources) == 0
	some source in (sources & _other_sources)
	path := sprintf("pod.volumes[%d].%s", [i, source])
	message := sprintf("has volume %q of type %s", [pods.name(volume), source])
}

violations.runAsNonRoot contains _on_pod("pod.securityContext.runAsNonRoot", "", "", "allows its containers to run as root") if {
	not pods.has_user_namespace("latest")
	input.attr.pod.securityContext.runAsNonRoot == false
}

violations.runAsNonRoot contains _on_container(i, "effective.run_as_non_root", "", "", "may run as root") if {
	not pods.has_user_namespace("latest")
	some i, _ in input.attr.containers
	not input.attr.containers[i].effective.run_as_non_root == true
}

violations.runAsUser contains _on_pod("pod.securityContext.runAsUser", "", "", "runs its containers as user 0") if {
	run.is_since([1, 23])
	not pods.has_user_namespace("latest")
	input.attr.pod.securityContext.runAsUser == 0
}

violations.runAsUser contains _on_container(i, "securityContext.runAsUser", "", "", "runs as user 0") if {
	run.is_since([1, 23])
	not pods.has_user_namespace("latest")
	some i, _ in input.attr.containers
	input.attr.containers[i].securityContext.runAsUser == 0
}

violations.seccompProfile_restricted contains object.union(violation, {"part": "type"}) if {
	run.is_since([1, 19])
	not _is_exempt_windows
	some violation in baseline.unconfined
}

violations.seccompProfile_restricted contains _on_container(i, "effective.seccomp_type", "missing", "", "has no seccomp profile") if {
	run.is_since([1, 19])
	not _is_exempt_windows
	not _has_pod_seccomp
	some i, _ in input.attr.containers
	not _has_seccomp(i)
}

_has_pod_seccomp if input.attr.pod.securityContext.seccompProfile.type in {"RuntimeDefault", "Localhost"}

_has_seccomp(i) if is_object(input.attr.containers[i].securityContext.seccompProfile)
