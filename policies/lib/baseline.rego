# METADATA
# title: Pod Security Standards, baseline
# description: >-
#   The checks of the baseline level on the document under judgement, each with
#   what violates it in the version of the run: a set of {path, on, value, message},
#   where on is "pod" or a container's place in the list. They are named as in the
#   admission plugin, whose verdicts they give to the letter. Checks that the
#   restricted level replaces are empty at that level. The host ports that the API
#   server fills in for pods on the host network are left out: such pods violate
#   hostNamespaces in any case.
# related_resources:
#   - description: Pod Security Standards
#     ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - description: The admission plugin's checks
#     ref: https://pkg.go.dev/k8s.io/pod-security-admission/policy
package plimsoll.lib.baseline

import data.plimsoll.lib.paths
import data.plimsoll.lib.pods
import data.plimsoll.lib.run

_on_pod(path, value, message) := {"path": path, "on": "pod", "value": value, "message": sprintf("%s %s", [pods.subject, message])}

_on_container(i, path, value, message) := {
	"path": sprintf("containers[%d].%s", [i, path]),
	"on": i,
	"value": value,
	"message": sprintf("%s of %s %s", [pods.label(input.attr.containers[i], i), pods.subject, message]),
}

_on("pod", path, value, message) := _on_pod(sprintf("pod.%s", [path]), value, message)

_on(i, path, value, message) := _on_container(i, path, value, message) if is_number(i)

# _contexts lists the security contexts of the pod and of its containers.
_contexts contains ["pod", context] if {
	context := input.attr.pod.securityContext
	is_object(context)
}

_contexts contains [i, context] if {
	some i, _ in input.attr.containers
	context := input.attr.containers[i].securityContext
	is_object(context)
}

violations.privileged contains _on_container(i, "effective.privileged", name, "is privileged") if {
	some i, container in input.attr.containers
	input.attr.containers[i].effective.privileged == true
	name := pods.name(container)
}

violations.hostNamespaces contains _on_pod("host_network", "hostNetwork", "uses the network of its node") if {
	input.attr.host_network == true
}

violations.hostNamespaces contains _on_pod("host_pid", "hostPID", "shares the process namespace of its node") if {
	input.attr.host_pid == true
}

violations.hostNamespaces contains _on_pod("host_ipc", "hostIPC", "shares the inter-process communication of its node") if {
	input.attr.host_ipc == true
}

violations.hostPathVolumes contains _on_pod(path, "hostPath", message) if {
	not run.is_restricted_since([1, 0])
	some i, volume in pods.list(input.attr.pod.volumes)
	is_object(input.attr.pod.volumes[i].hostPath)
	path := sprintf("pod.volumes[%d].hostPath", [i])
	message := sprintf("mounts a path of the node as volume %q", [pods.name(volume)])
}

violations.hostPorts contains _on_container(i, path, sprintf("%v", [port]), message) if {
	some i, container in input.attr.containers
	some j, _ in pods.list(container.ports)
	port := input.attr.containers[i].ports[j].hostPort
	not port in {0, null}
	path := sprintf("ports[%d].hostPort", [j])
	message := sprintf("binds port %v of its node", [port])
}

violations.appArmorProfile contains _on(on, "securityContext.appArmorProfile.type", type, message) if {
	some [on, context] in _contexts
	is_object(context.appArmorProfile)
	type := pods.field(context.appArmorProfile, "type")
	not type in {"RuntimeDefault", "Localhost"}
	message := sprintf("has the AppArmor profile type %q", [type])
}

violations.appArmorProfile contains _on_pod(path, profile, message) if {
	some key, _ in input.attr.annotations
	is_string(key)
	startswith(key, "container.apparmor.security.beta.kubernetes.io/")
	profile := pods.text(input.attr.annotations[key])
	not profile in {"", "runtime/default"}
	not startswith(profile, "localhost/")
	path := paths.key("annotations", key)
	message := sprintf("asks for the AppArmor profile %q in the annotation %s", [profile, key])
}

_default_capabilities := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
	"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

violations.capabilities_baseline contains _on_container(i, path, name, message) if {
	not run.is_restricted_since([1, 22])
	some i, container in input.attr.containers
	some j, _ in pods.list(container.securityContext.capabilities.add)
	name := pods.text(input.attr.containers[i].securityContext.capabilities.add[j])
	not name in _default_capabilities
	path := sprintf("securityContext.capabilities.add[%d]", [j])
	message := sprintf("adds the capability %s", [name])
}

_is_selinux_type(type) if type in {"", "container_t", "container_init_t", "container_kvm_t"}

_is_selinux_type("container_engine_t") if run.is_since([1, 31])

violations.seLinuxOptions contains _on(on, "securityContext.seLinuxOptions.type", type, message) if {
	some [on, context] in _contexts
	type := pods.text(context.seLinuxOptions.type)
	not _is_selinux_type(type)
	message := sprintf("has the SELinux type %s", [type])
}

violations.seLinuxOptions contains _on(on, path, value, message) if {
	some [on, context] in _contexts
	some field in ["user", "role"]
	value := pods.text(context.seLinuxOptions[field])
	value != ""
	path := sprintf("securityContext.seLinuxOptions.%s", [field])
	message := sprintf("has the SELinux %s %s", [field, value])
}

violations.procMount contains violation if {
	not run.is_restricted_since([1, 35])
	not pods.has_user_namespace("latest")
	some violation in unmasked
}

# unmasked is what both checks of procMount are about.
unmasked contains _on_container(i, "securityContext.procMount", type, message) if {
	some i, _ in input.attr.containers
	type := input.attr.containers[i].securityContext.procMount
	not type in {"Default", null}
	message := sprintf("has its /proc mounted %s", [type])
}

violations.seccompProfile_baseline contains violation if {
	run.is_since([1, 19])
	not run.is_restricted_since([1, 19])
	some violation in unconfined
}

# unconfined lists the security contexts with a seccomp profile that is none.
unconfined contains _on(on, "securityContext.seccompProfile.type", type, message) if {
	some [on, context] in _contexts
	is_object(context.seccompProfile)
	type := pods.field(context.seccompProfile, "type")
	not type in {"RuntimeDefault", "Localhost"}
	message := sprintf("has the seccomp profile type %q", [type])
}

violations.seccompProfile_baseline contains violation if {
	not run.is_since([1, 19])
	some violation in unconfined_annotations
}

# unconfined_annotations is unconfined for the annotations that profiles were
# before there was a field.
unconfined_annotations contains _on_pod(path, profile, message) if {
	some key in _seccomp_annotations
	profile := pods.text(input.attr.annotations[key])
	not profile in {"runtime/default", "docker/default"}
	not startswith(profile, "localhost/")
	path := paths.key("annotations", key)
	message := sprintf("asks for the seccomp profile %q in the annotation %s", [profile, key])
}

_seccomp_annotations contains "seccomp.security.alpha.kubernetes.io/pod"

_seccomp_annotations contains sprintf("container.seccomp.security.alpha.kubernetes.io/%s", [name]) if {
	some container in input.attr.containers
	name := pods.name(container)
}

_sysctls := {
	[1, 0]: [
		"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
		"net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
	],
	[1, 27]: ["net.ipv4.ip_local_reserved_ports"],
	[1, 29]: [
		"net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
		"net.ipv4.tcp_keepalive_probes",
	],
	[1, 32]: ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
	[1, 37]: ["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"],
}

# is_safe_sysctl tells that a sysctl is in the safe set of the version: a rule's
# parameter pss_version, or that of the run for "latest".
is_safe_sysctl(name, pss_version) if {
	some since, names in _sysctls
	name in names
	run.counts(pss_version, since)
}

violations.sysctls contains _on_pod(path, name, message) if {
	some i, sysctl in pods.list(input.attr.pod.securityContext.sysctls)
	name := pods.field(sysctl, "name")
	not is_safe_sysctl(name, "latest")
	path := sprintf("pod.securityContext.sysctls[%d].name", [i])
	message := sprintf("sets the sysctl %s, which is not in the safe set", [name])
}

violations.windowsHostProcess contains _on(on, "securityContext.windowsOptions.hostProcess", "hostProcess", message) if {
	some [on, context] in _contexts
	context.windowsOptions.hostProcess == true
	message := "runs as a process of its Windows node"
}

violations.hostProbesAndHostLifecycle contains violation if {
	run.is_since([1, 34])
	some violation in foreign_hosts
}

# foreign_hosts lists the probes and handlers that the kubelet sends to a host of
# their own.
foreign_hosts contains _on_container(i, path, host, message) if {
	some i, container in input.attr.containers
	is_object(container)
	some handler in [["livenessProbe"], ["readinessProbe"], ["startupProbe"], ["lifecycle", "postStart"], ["lifecycle", "preStop"]]
	some kind in ["httpGet", "tcpSocket"]
	host := object.get(container, array.concat(handler, [kind, "host"]), "")
	not host in {"", null}
	path := sprintf("%s.%s.host", [concat(".", handler), kind])
	message := sprintf("has its %s sent to the host %v", [concat(".", handler), host])
}
