# METADATA
# title: Pod Security Standards, baseline
# description: >-
#   The checks of the baseline level on the document under judgement, each with
#   what violates it in the version of the run: a set of {path, message}. They are
#   named as in the admission plugin, whose verdicts they give to the letter.
#   Checks that the restricted level replaces are empty at that level. The host
#   ports that the API server fills in for pods on the host network are left out:
#   such pods violate hostNamespaces in any case.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: The admission plugin's checks
#     ref: https://pkg.go.dev/k8s.io/pod-security-admission/policy
package plimsoll.lib.baseline

import data.plimsoll.lib.paths
import data.plimsoll.lib.pods
import data.plimsoll.lib.run

_at(path, message) := {"path": path, "message": message}

# _text reads an enumeration or a name as the API server does: null is empty.
_text(value) := value if is_string(value)

_text(value) := "" if value == null

_label(i) := sprintf("%s of %s", [pods.label(input.attr.containers[i], i), pods.subject])

violations.privileged contains _at(path, message) if {
	some i, _ in input.attr.containers
	input.attr.containers[i].effective.privileged == true
	path := sprintf("containers[%d].effective.privileged", [i])
	message := sprintf("%s is privileged", [_label(i)])
}

violations.hostNamespaces contains _at("host_network", message) if {
	input.attr.host_network == true
	message := sprintf("%s uses the network of its node", [pods.subject])
}

violations.hostNamespaces contains _at("host_pid", message) if {
	input.attr.host_pid == true
	message := sprintf("%s shares the process namespace of its node", [pods.subject])
}

violations.hostNamespaces contains _at("host_ipc", message) if {
	input.attr.host_ipc == true
	message := sprintf("%s shares the inter-process communication of its node", [pods.subject])
}

violations.hostPathVolumes contains _at(path, message) if {
	not run.is_restricted_since("1.0")
	some i, volume in input.attr.pod.volumes
	is_object(input.attr.pod.volumes[i].hostPath)
	path := sprintf("pod.volumes[%d].hostPath", [i])
	message := sprintf("volume %q of %s is a path of the node", [object.get(volume, "name", ""), pods.subject])
}

violations.hostPorts contains _at(path, message) if {
	some i, container in input.attr.containers
	some j, _ in container.ports
	port := input.attr.containers[i].ports[j].hostPort
	not port in {0, null}
	path := sprintf("containers[%d].ports[%d].hostPort", [i, j])
	message := sprintf("%s binds port %v of its node", [_label(i), port])
}

_apparmor_types := {"RuntimeDefault", "Localhost"}

_apparmor_annotation := "container.apparmor.security.beta.kubernetes.io/"

violations.appArmorProfile contains _at("pod.securityContext.appArmorProfile.type", message) if {
	is_object(input.attr.pod.securityContext.appArmorProfile)
	not input.attr.pod.securityContext.appArmorProfile.type in _apparmor_types
	message := sprintf("%s has an AppArmor profile that is neither RuntimeDefault nor Localhost", [pods.subject])
}

violations.appArmorProfile contains _at(path, message) if {
	some i, _ in input.attr.containers
	is_object(input.attr.containers[i].securityContext.appArmorProfile)
	not input.attr.containers[i].securityContext.appArmorProfile.type in _apparmor_types
	path := sprintf("containers[%d].securityContext.appArmorProfile.type", [i])
	message := sprintf("%s has an AppArmor profile that is neither RuntimeDefault nor Localhost", [_label(i)])
}

violations.appArmorProfile contains _at(path, message) if {
	some key, _ in input.attr.annotations
	startswith(key, _apparmor_annotation)
	profile := _text(input.attr.annotations[key])
	not profile in {"", "runtime/default"}
	not startswith(profile, "localhost/")
	path := paths.key("annotations", key)
	message := sprintf("the annotation %s of %s asks for the AppArmor profile %q", [key, pods.subject, profile])
}

_default_capabilities := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
	"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

violations.capabilities_baseline contains _at(path, message) if {
	not run.is_restricted_since("1.22")
	some i, container in input.attr.containers
	some j, _ in container.securityContext.capabilities.add
	name := _text(input.attr.containers[i].securityContext.capabilities.add[j])
	not name in _default_capabilities
	path := sprintf("containers[%d].securityContext.capabilities.add[%d]", [i, j])
	message := sprintf("%s adds the capability %s", [_label(i), name])
}

_selinux_types := {"", "container_t", "container_init_t", "container_kvm_t"}

_is_selinux_type(type) if _text(type) in _selinux_types

_is_selinux_type(type) if {
	type == "container_engine_t"
	run.is_since("1.31")
}

violations.seLinuxOptions contains _at("pod.securityContext.seLinuxOptions.type", message) if {
	type := input.attr.pod.securityContext.seLinuxOptions.type
	not _is_selinux_type(type)
	message := sprintf("%s has the SELinux type %v", [pods.subject, type])
}

violations.seLinuxOptions contains _at(path, message) if {
	some field in ["user", "role"]
	not _text(input.attr.pod.securityContext.seLinuxOptions[field]) == ""
	path := sprintf("pod.securityContext.seLinuxOptions.%s", [field])
	message := sprintf("%s sets an SELinux %s", [pods.subject, field])
}

violations.seLinuxOptions contains _at(path, message) if {
	some i, _ in input.attr.containers
	type := input.attr.containers[i].securityContext.seLinuxOptions.type
	not _is_selinux_type(type)
	path := sprintf("containers[%d].securityContext.seLinuxOptions.type", [i])
	message := sprintf("%s has the SELinux type %v", [_label(i), type])
}

violations.seLinuxOptions contains _at(path, message) if {
	some i, _ in input.attr.containers
	some field in ["user", "role"]
	_text(input.attr.containers[i].securityContext.seLinuxOptions[field]) != ""
	path := sprintf("containers[%d].securityContext.seLinuxOptions.%s", [i, field])
	message := sprintf("%s sets an SELinux %s", [_label(i), field])
}
