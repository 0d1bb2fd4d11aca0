package canon

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A kubeView makes the canonical side of one Kubernetes document.
type kubeView struct {
	d    *document.Document
	kind string
	// doubts is RawStates with its paths parsed, in path order; empty for almost
	// every manifest, so that knowledge costs nothing there.
	doubts []kubeDoubt
	// pairs says which raw path each canonical path was read from; kept only
	// when there are doubts to translate.
	pairs []kubePair
}

type kubeDoubt struct {
	path  document.Path
	state document.State
}

type kubePair struct{ canonical, raw document.Path }

func newKubeView(d *document.Document, kind string) *kubeView {
	d.Attr = make(map[string]any, 12)
	d.Written = make(map[string]document.Path, 8)
	d.States = document.States{}
	v := &kubeView{d: d, kind: kind}
	for text, state := range d.RawStates {
		path, err := document.ParsePath(text)
		if err != nil {
			// A path nobody can read may be anywhere: nothing absent is certain then.
			path, state = nil, document.State{Kind: document.Partial, Reason: state.Reason}
		}
		v.doubts = append(v.doubts, kubeDoubt{path, state})
	}
	if len(v.doubts) == 0 {
		return v
	}
	slices.SortFunc(v.doubts, func(a, b kubeDoubt) int {
		return cmp.Compare(a.path.String(), b.path.String())
	})
	return v
}

// at returns the value at a raw path, nil when it is absent or null.
func (v *kubeView) at(raw document.Path) any {
	value, _ := document.At(v.d.Raw, raw)
	return value
}

// nearest returns the longest prefix of a raw path that is written: the place
// where an author would add what is missing.
func (v *kubeView) nearest(raw document.Path) document.Path {
	var value any = v.d.Raw
	for i := range raw {
		next, ok := document.At(value, raw[i:i+1])
		if !ok || next == nil {
			return raw[:i:i]
		}
		value = next
	}
	return raw
}

// doubt returns what keeps the value at a raw path from being known: a state of
// its own, an unknown ancestor, or an incomplete collection that lacks it.
func (v *kubeView) doubt(raw document.Path) (document.State, bool) {
	for _, d := range v.doubts {
		if !raw.HasPrefix(d.path) || d.state.Kind == document.Defaulted {
			continue
		}
		if len(d.path) == len(raw) || d.state.Kind == document.Unknown {
			return d.state, true
		}
		if v.lacks(d, raw) {
			return document.State{Kind: document.Unknown, Reason: d.state.Reason, Refs: d.state.Refs}, true
		}
	}
	return document.State{}, false
}

// lacks reports whether an incomplete collection is where the way to a raw path
// ends: what is missing there may yet come. What is missing further in, inside
// a part that is known, is just not there.
func (v *kubeView) lacks(d kubeDoubt, raw document.Path) bool {
	return d.state.Kind == document.Partial && len(d.path) < len(raw) && len(v.nearest(raw)) == len(d.path)
}

// doubtful reports whether the value at a raw path cannot be known.
func (v *kubeView) doubtful(raw document.Path) bool {
	_, unknown := v.doubt(raw)
	return unknown
}

// field copies the value at a raw path to a canonical attribute and returns it.
func (v *kubeView) field(name string, raw ...any) any {
	value := v.at(raw)
	if value == nil {
		v.d.Written[name] = raw
	} else {
		v.d.Attr[name] = value
		v.d.Written[name] = raw
	}
	if len(v.doubts) > 0 {
		v.pair(document.Path{name}, raw)
	}
	return value
}

// pair remembers where a canonical path was read from.
func (v *kubeView) pair(canonical, raw document.Path) {
	if len(v.doubts) > 0 {
		v.pairs = append(v.pairs, kubePair{canonical, raw})
	}
}

// fallback applies the API's or a controller's default to an attribute that was
// read from a raw path, unless something was written or may have been.
func (v *kubeView) fallback(name string, value any, owner, evidence string, raw ...any) {
	if _, ok := v.d.Attr[name]; ok {
		return
	}
	if _, ok := v.doubt(raw); ok {
		return
	}
	v.d.Attr[name] = value
	v.d.States[name] = kubeDefault(owner, evidence)
}

// set stores a derived attribute and where its deciding value is written.
func (v *kubeView) set(name string, value any, raw document.Path) {
	v.d.Attr[name] = value
	v.d.Written[name] = raw
}

// unknown marks an attribute as not decided; it takes the attribute away.
func (v *kubeView) unknown(name string, state document.State, raw document.Path) {
	delete(v.d.Attr, name)
	v.d.States[name] = state
	v.d.Written[name] = raw
}

// finish translates the doubts about raw paths to canonical ones.
func (v *kubeView) finish() {
	for _, d := range v.doubts {
		for _, p := range v.pairs {
			switch {
			case d.path.HasPrefix(p.raw):
				v.note(p.canonical.Append(d.path[len(p.raw):]...), d.state)
			case p.raw.HasPrefix(d.path) && d.state.Kind == document.Unknown:
				v.note(p.canonical, d.state)
			case p.raw.HasPrefix(d.path) && v.lacks(d, p.raw):
				state := d.state
				state.Kind = document.Unknown
				v.note(p.canonical, state)
			}
		}
	}
}

// note sets the state of a canonical path unless a better one is there: what a
// handler has decided stays.
func (v *kubeView) note(path document.Path, state document.State) {
	text := path.String()
	if _, ok := v.d.States[text]; !ok {
		v.d.States[text] = state
	}
}

// The owners of defaults.
const (
	apiServer  = "api_server"
	serviceOwn = "service"
)

// kubeFactsDate is when the defaults of this file's neighbours were last
// checked against the Kubernetes API reference (v1.34) and the guides of the
// controllers named in evidence.
const kubeFactsDate = "2026-11-22"

func kubeDefault(owner, evidence string) document.State {
	return document.State{Kind: document.Defaulted, Owner: owner, Since: kubeFactsDate, Evidence: evidence}
}

// kubeObject and kubeList return the value at a key in the shape the API has there, nil
// when it is something else.
func kubeObject(v any, key string) map[string]any {
	m, _ := v.(map[string]any)
	out, _ := m[key].(map[string]any)
	return out
}

func kubeList(v any, key string) []any {
	m, _ := v.(map[string]any)
	out, _ := m[key].([]any)
	return out
}

// kubeText returns a scalar as text: annotations and labels are strings to the API,
// but people leave the quotes out.
func kubeText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

// kubeTruth turns "true" and "false" into booleans; other values stay as they are.
func kubeTruth(v any) any {
	switch v {
	case "true":
		return true
	case "false":
		return false
	}
	return v
}

// indexed writes out name[i].
func indexed(name string, i int) string { return name + "[" + strconv.Itoa(i) + "]" }
