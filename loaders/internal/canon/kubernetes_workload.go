package canon

import (
	"maps"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A podPlace says where one pod is written.
type podPlace struct {
	// template holds metadata of the pods; the document's root for a Pod.
	template document.Path
	// levels hold pod fields, the one that counts first. All but Argo workflows
	// have one: the pod spec.
	levels []document.Path
	// lists are where containers stand; nil for the three lists of a pod spec.
	lists []containerList
}

// A containerList is a list of containers, or one container (single).
type containerList struct {
	path   document.Path
	class  string
	single bool
}

// readWorkload fills the document of an object with one pod template.
func readWorkload(template document.Path) func(*kubeView) []*document.Document {
	spec := template.Append("spec")
	levels := []document.Path{spec}
	return func(v *kubeView) []*document.Document {
		if len(template) > 0 {
			v.field("replicas", "spec", "replicas")
			// Deployments call it strategy, the others updateStrategy.
			if v.kind == "Deployment" {
				v.field("strategy", "spec", "strategy")
			} else {
				v.field("strategy", "spec", "updateStrategy")
			}
		}
		podView(v, podPlace{template: template, levels: levels})
		return nil
	}
}

// podView fills the canonical workload from one pod.
func podView(v *kubeView, at podPlace) {
	v.d.Attr["kind"] = v.kind
	v.grow(at)
	v.field("labels", at.template.Append("metadata", "labels")...)
	v.field("annotations", at.template.Append("metadata", "annotations")...)
	pod := podReader{kubeView: v, podPlace: at, main: at.levels[0]}
	pod.merge()
	pod.flag("host_network", "hostNetwork", false)
	pod.flag("host_pid", "hostPID", false)
	pod.flag("host_ipc", "hostIPC", false)
	pod.flag("automount_token", "automountServiceAccountToken", true)
	pod.account()
	pod.system()
	pod.containers()
}

// grow makes room in the maps for what the containers will add.
func (v *kubeView) grow(at podPlace) {
	n := 0
	spec, _ := v.at(at.levels[0]).(map[string]any)
	for _, list := range []string{"containers", "initContainers", "ephemeralContainers"} {
		n += len(kubeList(spec, list))
	}
	written := make(map[string]document.Path, 12+n*(1+int(contextFields)))
	maps.Copy(written, v.d.Written)
	v.d.Written = written
	v.d.States = make(document.States, 4+n)
}

// A podReader reads one pod.
type podReader struct {
	*kubeView
	podPlace
	main document.Path
	spec map[string]any // the pod as written, levels merged
	// windows pods have no Linux defaults.
	windows bool
	// inherited says where the pod's security context has the fields that
	// containers inherit: nil where it has not.
	inherited [privileged]document.Path
	// legacySeccomp says that there are annotations to read.
	legacySeccomp bool
}

// merge sets pod: the spec itself where there is one level, else the fields of
// all levels, volumes joined.
func (p *podReader) merge() {
	if len(p.levels) == 1 {
		p.spec, _ = p.at(p.main).(map[string]any)
		if p.spec != nil {
			p.set("pod", p.spec, p.main)
		} else {
			p.d.Written["pod"] = p.nearest(p.main)
		}
		p.pair(document.Path{"pod"}, p.main)
		return
	}
	p.spec = map[string]any{}
	var volumes []any
	for _, level := range p.levels {
		fields, _ := p.at(level).(map[string]any)
		for _, name := range podFields() {
			value, ok := fields[name]
			raw := level.Append(name)
			if ok && value != nil && name == "volumes" {
				l, _ := value.([]any)
				for i := range l {
					p.d.Written["pod."+indexed("volumes", len(volumes)+i)] = raw.Append(i)
				}
				volumes = append(volumes, l...)
				continue
			}
			if _, taken := p.spec[name]; ok && value != nil && !taken {
				p.spec[name] = value
				p.d.Written["pod."+name] = raw
			}
			p.pair(document.Path{"pod", name}, raw)
		}
	}
	if volumes != nil {
		p.spec["volumes"] = volumes
	}
	p.set("pod", p.spec, p.main)
}

// written returns the raw path of a pod field: where the first level has it, or
// where the main level would.
func (p *podReader) written(name string) document.Path {
	for _, level := range p.levels {
		path := level.Append(name)
		if p.at(path) != nil {
			return path
		}
		if p.doubtful(path) {
			return path
		}
	}
	return p.main.Append(name)
}

// flag copies a boolean pod field with the API server's default.
func (p *podReader) flag(name, field string, standard bool) {
	raw := p.written(field)
	if value := p.field(name, raw...); value != nil {
		p.d.Attr[name] = kubeTruth(value)
		return
	}
	p.fallback(name, standard, apiServer, "Kubernetes API reference, PodSpec."+field, raw...)
}

// account sets service_account. serviceAccount is the deprecated twin of
// serviceAccountName (PodSpec), and "" is as good as absent.
func (p *podReader) account() {
	for _, field := range []string{"serviceAccountName", "serviceAccount"} {
		raw := p.written(field)
		if name, _ := p.at(raw).(string); name != "" {
			p.set("service_account", name, raw)
			return
		}
		if state, unknown := p.doubt(raw); unknown {
			p.unknown("service_account", state, raw)
			return
		}
	}
	raw := p.written("serviceAccountName")
	p.d.Written["service_account"] = raw
	p.fallback("service_account", "default", apiServer, "Kubernetes ServiceAccount admission controller", raw...)
}

// system sets os from spec.os.name or the well-known node label.
func (p *podReader) system() {
	if name := p.field("os", p.written("os").Append("name")...); name == nil {
		selector := p.written("nodeSelector")
		for _, label := range []string{"kubernetes.io/os", "beta.kubernetes.io/os"} {
			if value, ok := p.at(selector.Append(label)).(string); ok {
				p.set("os", value, selector.Append(label))
				break
			}
		}
	}
	p.windows = p.d.Attr["os"] == "windows"
}

// containers flattens the containers of every class into one list.
func (p *podReader) containers() {
	lists := p.lists
	if lists == nil {
		lists = []containerList{
			{path: p.main.Append("containers"), class: "container"},
			{path: p.main.Append("initContainers"), class: "init"},
			{path: p.main.Append("ephemeralContainers"), class: "ephemeral"},
		}
	}
	p.inherit()
	var out []any
	var hidden *document.State
	for _, l := range lists {
		if state, unknown := p.doubt(l.path); unknown && hidden == nil {
			hidden = &state
		}
		if l.single {
			out = p.container(out, l.path, l.class)
			continue
		}
		elements, _ := p.at(l.path).([]any)
		for i := range elements {
			out = p.container(out, l.path.Append(i), l.class)
		}
	}
	p.d.Written["containers"] = p.nearest(lists[0].path)
	switch {
	case hidden != nil && len(out) == 0:
		p.unknown("containers", *hidden, p.d.Written["containers"])
		return
	case hidden != nil:
		state := *hidden
		state.Kind = document.Partial
		p.d.States["containers"] = state
	}
	p.d.Attr["containers"] = out
}

// container appends one container; an unknown one is nil, so that the numbers
// in paths stay right.
func (p *podReader) container(out []any, raw document.Path, class string) []any {
	name := indexed("containers", len(out))
	fields, ok := p.at(raw).(map[string]any)
	if !ok {
		if state, unknown := p.doubt(raw); unknown {
			p.d.Written[name] = raw
			p.d.States[name] = state
			return append(out, nil)
		}
		return out
	}
	p.d.Written[name] = raw
	if len(p.doubts) > 0 {
		p.pair(document.Path{"containers", len(out)}, raw)
	}
	container := make(map[string]any, len(fields)+2)
	maps.Copy(container, fields)
	container["class"] = class
	e := effective{pod: p, fields: fields, raw: raw, out: make(map[string]any, 4)}
	e.read(len(out))
	container["effective"] = e.out
	return append(out, container)
}
