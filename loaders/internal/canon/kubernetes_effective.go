package canon

import (
	"strings"
	"sync"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A contextField is a field of a container's security context.
type contextField int

// The fields. Those before privileged also exist in PodSecurityContext.
const (
	runAsNonRoot contextField = iota
	runAsUser
	runAsGroup
	seccompType
	privileged
	allowPrivilegeEscalation
	readOnlyRootFilesystem
	contextFields
)

// contextNames are the canonical names of the fields, contextPaths where they
// stand in a container or pod.
//
//nolint:gochecknoglobals // tables that are read only
var (
	contextNames = [contextFields]string{
		"run_as_non_root", "run_as_user", "run_as_group", "seccomp_type",
		"privileged", "allow_privilege_escalation", "read_only_root_filesystem",
	}
	contextPaths = [contextFields]document.Path{
		{"securityContext", "runAsNonRoot"},
		{"securityContext", "runAsUser"},
		{"securityContext", "runAsGroup"},
		{"securityContext", "seccompProfile", "type"},
		{"securityContext", "privileged"},
		{"securityContext", "allowPrivilegeEscalation"},
		{"securityContext", "readOnlyRootFilesystem"},
	}
)

// effectivePaths are the canonical paths of one container's effective fields.
type effectivePaths [contextFields]string

func newEffectivePaths(container int) *effectivePaths {
	out := &effectivePaths{}
	prefix := indexed("containers", container) + ".effective."
	for i, name := range contextNames {
		out[i] = prefix + name
	}
	return out
}

// commonEffectivePaths are those of the first containers: there are many
// workloads, few have more, and the paths are the same in all of them.
//
//nolint:gochecknoglobals // a table that is read only, built on first use
var commonEffectivePaths = sync.OnceValue(func() []*effectivePaths {
	out := make([]*effectivePaths, 16)
	for i := range out {
		out[i] = newEffectivePaths(i)
	}
	return out
})

// An effective is the security context that a container gets: its own fields,
// and where it has none those of the pod.
type effective struct {
	pod    *podReader
	fields map[string]any // the container as written
	raw    document.Path  // where the container is written
	paths  *effectivePaths
	out    map[string]any
}

// read fills the effective fields.
func (e *effective) read(number int) {
	if common := commonEffectivePaths(); number < len(common) {
		e.paths = common[number]
	} else {
		e.paths = newEffectivePaths(number)
	}
	for f := range contextFields {
		if f == seccompType {
			e.seccomp()
			continue
		}
		e.field(f)
	}
	const escalation = allowPrivilegeEscalation
	if e.out[contextNames[escalation]] != nil || e.pod.windows {
		return
	}
	if _, unknown := e.pod.d.States[e.paths[escalation]]; !unknown {
		e.out[contextNames[escalation]] = true
		e.pod.d.States[e.paths[escalation]] = kubeDefault(apiServer, "Kubernetes API reference, SecurityContext.allowPrivilegeEscalation")
	}
}

// field decides one field and reports whether it is settled: written, or not
// known.
func (e *effective) field(f contextField) bool {
	p := e.pod
	if own, _ := document.At(e.fields, contextPaths[f]); own != nil {
		return e.settle(f, own, e.raw.Append(contextPaths[f]...))
	}
	if len(p.doubts) > 0 {
		raw := e.raw.Append(contextPaths[f]...)
		if state, unknown := p.doubt(raw); unknown {
			return e.open(f, state, raw)
		}
	}
	if f >= privileged || p.inherited[f] == nil {
		p.d.Written[e.paths[f]] = e.raw.Append(contextPaths[f]...)
		return false
	}
	inherited := p.inherited[f]
	if value := p.at(inherited); value != nil {
		return e.settle(f, value, inherited)
	}
	state, _ := p.doubt(inherited)
	return e.open(f, state, inherited)
}

func (e *effective) settle(f contextField, value any, raw document.Path) bool {
	e.out[contextNames[f]] = kubeTruth(value)
	e.pod.d.Written[e.paths[f]] = raw
	if len(e.pod.doubts) > 0 { // a default of the source stays one
		if state, ok := e.pod.d.RawStates[raw.String()]; ok {
			e.pod.d.States[e.paths[f]] = state
		}
	}
	return true
}

func (e *effective) open(f contextField, state document.State, raw document.Path) bool {
	e.pod.d.Written[e.paths[f]] = raw
	e.pod.d.States[e.paths[f]] = state
	return true
}

// The annotations that seccomp profiles were written in before they became
// fields; the API server ignores them from 1.27 on.
const (
	seccompPodAnnotation       = "seccomp.security.alpha.kubernetes.io/pod"
	seccompContainerAnnotation = "container.seccomp.security.alpha.kubernetes.io/"
)

// seccomp decides seccomp_type in the kubelet's old order: container field,
// container annotation, pod field, pod annotation. seccomp_legacy says that an
// annotation decided, which newer clusters do not read.
func (e *effective) seccomp() {
	own, _ := document.At(e.fields, contextPaths[seccompType])
	if own == nil && e.pod.legacySeccomp {
		if e.annotation(seccompContainerAnnotation + kubeText(e.fields["name"])) {
			return
		}
	}
	if !e.field(seccompType) && e.pod.legacySeccomp {
		e.annotation(seccompPodAnnotation)
	}
}

func (e *effective) annotation(key string) bool {
	annotations, _ := e.pod.d.Attr["annotations"].(map[string]any)
	profile := ""
	switch value := kubeText(annotations[key]); {
	case value == "runtime/default", value == "docker/default":
		profile = "RuntimeDefault"
	case value == "unconfined":
		profile = "Unconfined"
	case strings.HasPrefix(value, "localhost/"):
		profile = "Localhost"
	default:
		return false
	}
	e.out["seccomp_legacy"] = true
	return e.settle(seccompType, profile, e.pod.template.Append("metadata", "annotations", key))
}

// inherit finds what the pod's security context decides for its containers.
func (p *podReader) inherit() {
	for f := range privileged {
		p.inherited[f] = p.levelOf(contextPaths[f])
	}
	annotations, _ := p.d.Attr["annotations"].(map[string]any)
	for key := range annotations {
		if strings.Contains(key, "seccomp.security.alpha.kubernetes.io/") {
			p.legacySeccomp = true
		}
	}
}

// levelOf returns where the pod has a field, nil if no level has it or may have
// it.
func (p *podReader) levelOf(field document.Path) document.Path {
	for _, level := range p.levels {
		if value, _ := document.At(p.at(level), field); value != nil {
			return level.Append(field...)
		}
		if len(p.doubts) > 0 {
			if path := level.Append(field...); p.doubtful(path) {
				return path
			}
		}
	}
	return nil
}
