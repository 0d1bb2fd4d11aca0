package lift

import (
	"cmp"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/scope"
)

// A find is one value in a carrier that should be a Kubernetes object. States,
// Sensitive and Refs hold paths inside the value.
type find struct {
	carrier *document.Document
	kind    string        // of lift
	at      document.Path // in the carrier, for messages
	value   any
	states  document.States
	hidden  []document.Path
	refs    []document.Ref
	locator document.Locator
	// base is where value lies in the carrier's Raw, when it is a part of it.
	base document.Path
	// namespace overrides the object's own.
	namespace string
	// around is the namespace of an object that does not say it, "" for "default".
	around string
	// listed is what the items of a typed list (PodList) are when they do not
	// say it themselves.
	listed struct{ version, kind string }
}

// add appends the objects in f: one, or the items of a list.
func (l *lifter) add(f find) {
	object, ok := f.value.(map[string]any)
	if !ok {
		if f.value != nil || len(f.states) == 0 {
			l.report(document.Warning, f.carrier, f.at, "holds something that is not a Kubernetes object; it was not judged")
		}
		return
	}
	kind, _ := object["kind"].(string)
	version, _ := object["apiVersion"].(string)
	if kind == "" && version == "" && len(object) > 0 {
		kind, version = f.listed.kind, f.listed.version
	}
	if items, isList := object["items"].([]any); isList && strings.HasSuffix(kind, "List") {
		f.listed.version, f.listed.kind = version, strings.TrimSuffix(kind, "List")
		for i := range items {
			l.add(f.element(items[i], document.Path{"items", i}))
		}
		return
	}
	if kind == "" || version == "" {
		l.noObject(f)
		return
	}
	l.found = append(l.found, l.document(f, object, version, kind))
}

// noObject reports a value without apiVersion or kind.
func (l *lifter) noObject(f find) {
	for _, key := range []string{"apiVersion", "kind"} {
		if _, unknown := f.states[key]; unknown {
			l.report(document.Note, f.carrier, f.at, "holds an object whose "+key+" is not known yet; it was not judged")
			return
		}
	}
	if object, _ := f.value.(map[string]any); len(object) == 0 {
		return // an empty document
	}
	l.report(document.Warning, f.carrier, f.at, "holds a value without apiVersion and kind, which is no Kubernetes object; it was not judged")
}

// element is the find for a part of f's value.
func (f find) element(value any, path document.Path) find {
	out := f
	out.value = value
	out.states = document.States{}
	for text, state := range f.states {
		p, err := document.ParsePath(text)
		switch {
		case err != nil:
		case p.HasPrefix(path):
			out.states[p[len(path):].String()] = state
		case len(p) == 0 && state.Kind == document.Partial: // the carrier is not complete, nor is what it holds
			out.states[""] = state
		}
	}
	out.hidden = nil
	for _, p := range f.hidden {
		switch {
		case p.HasPrefix(path):
			out.hidden = append(out.hidden, p[len(path):])
		case path.HasPrefix(p):
			out.hidden = append(out.hidden, document.Path{})
		}
	}
	out.refs = nil
	for _, r := range f.refs {
		if r.Path.HasPrefix(path) {
			r.Path = r.Path[len(path):]
			out.refs = append(out.refs, r)
		}
	}
	out.locator = document.Prefixed{Locator: f.locator, Base: path}
	if f.base != nil {
		out.base = f.base.Append(path...)
	}
	return out
}

// document makes the lifted document.
func (l *lifter) document(f find, object map[string]any, version, kind string) *document.Document {
	c := f.carrier
	d := &document.Document{
		Format: c.Format, Kind: version + "/" + kind, Scope: c.Scope, Action: c.Action, Conditional: c.Conditional,
		Metadata: make(map[string]string, len(c.Metadata)+1),
		Raw:      object, RawStates: f.states, Sensitive: f.hidden, Refs: f.refs, Tokens: c.Tokens,
		Parent: c, Base: f.base, Origin: c.Origin,
	}
	maps.Copy(d.Metadata, c.Metadata)
	d.Metadata["lift"] = f.kind
	d.SetLocator(f.locator)
	metadata, _ := object["metadata"].(map[string]any)
	for _, key := range []string{"name", "generateName"} {
		if d.Name = scalar(metadata[key]); d.Name != "" {
			break
		}
	}
	d.Namespace = namespaceOf(f, metadata, version, kind)
	d.Address = c.Address
	if !strings.HasPrefix(c.Format, "terraform") {
		d.Address = address(d.Namespace, kind, d.Name)
	}
	d.ID = l.unique(c.ID + "/" + d.Kind + "/" + d.Namespace + "/" + d.Name)
	return d
}

// namespaceOf returns the effective namespace, "" when it is not known.
func namespaceOf(f find, metadata map[string]any, version, kind string) string {
	if !scope.Namespaced(version, kind) {
		return ""
	}
	if f.namespace != "" {
		return f.namespace
	}
	if name := scalar(metadata["namespace"]); name != "" {
		return name
	}
	for _, path := range []string{"metadata.namespace", "metadata"} {
		if s, ok := f.states[path]; ok && s.Kind == document.Unknown {
			return ""
		}
	}
	return cmp.Or(f.around, "default")
}

// scalar returns a name as text; the API server refuses others than strings,
// but a report should show them.
func scalar(v any) string {
	switch v := v.(type) {
	case nil, map[string]any, []any:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func address(namespace, kind, name string) string {
	if namespace == "" {
		return kind + "/" + name
	}
	return namespace + "/" + kind + "/" + name
}

// unique adds "~2" and so on to an ID that another document of the carrier has.
func (l *lifter) unique(id string) string {
	out := id
	for n := 2; l.ids[out]; n++ {
		out = id + "~" + strconv.Itoa(n)
	}
	if l.ids == nil {
		l.ids = map[string]bool{}
	}
	l.ids[out] = true
	return out
}
