package lift

import (
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// isComposition recognizes Crossplane's Compositions.
func isComposition(kind string) bool {
	return strings.HasPrefix(kind, "apiextensions.crossplane.io/") && strings.HasSuffix(kind, "/Composition")
}

// isRemoteObject recognizes the objects that provider-kubernetes applies.
// https://github.com/crossplane-contrib/provider-kubernetes
func isRemoteObject(kind string) bool {
	group, _, _ := strings.Cut(kind, "/")
	return strings.HasSuffix(kind, "/Object") && (group == "kubernetes.crossplane.io" || group == "kubernetes.m.crossplane.io")
}

// composition lifts the resources of a Composition: those of its own, and those
// that its pipeline hands to function-patch-and-transform. What patches fill in
// is not known.
// https://docs.crossplane.io/latest/composition/compositions/
// https://docs.crossplane.io/latest/guides/function-patch-and-transform/
func (l *lifter) composition(d *document.Document) {
	l.composed(d, document.Path{"spec"})
	steps, _ := document.At(d.Raw, document.Path{"spec", "pipeline"})
	list, _ := steps.([]any)
	for i := range list {
		l.composed(d, document.Path{"spec", "pipeline", i, "input"})
	}
}

// composed lifts the resources in the list at a path.
func (l *lifter) composed(d *document.Document, at document.Path) {
	value, _ := document.At(d.Raw, at)
	holder, _ := value.(map[string]any)
	sets := patchSets(holder)
	root := find{
		carrier: d, kind: compositionResource, value: d.Raw, states: d.RawStates, hidden: d.Sensitive, refs: d.Refs,
		locator: d, base: document.Path{},
	}
	for i, r := range list(holder, "resources") {
		resource, _ := r.(map[string]any)
		base, ok := resource["base"].(map[string]any)
		if !ok {
			continue
		}
		path := at.Append("resources", i, "base")
		f := root.element(base, path)
		f.at = path
		for _, target := range targets(list(resource, "patches"), sets) {
			f.value = without(f.value, target)
			f.states[target.String()] = document.State{Kind: document.Unknown, Reason: document.ParameterWithoutValue}
		}
		before := len(l.found)
		l.add(f)
		name, _ := resource["name"].(string)
		for _, lifted := range l.found[before:] {
			if lifted.Name == "" { // Crossplane makes one up
				lifted.Name = name
				lifted.Address += name
			}
		}
	}
}

// patchSets are the patches that resources share, by name.
func patchSets(holder map[string]any) map[string][]any {
	out := map[string][]any{}
	for _, s := range list(holder, "patchSets") {
		set, _ := s.(map[string]any)
		if name, ok := set["name"].(string); ok {
			out[name] = list(set, "patches")
		}
	}
	return out
}

// targets are the paths of a resource that patches fill in. From a list with a
// wildcard on, all is open.
func targets(patches []any, sets map[string][]any) []document.Path {
	var out []document.Path
	for _, p := range patches {
		patch, _ := p.(map[string]any)
		kind, _ := patch["type"].(string)
		if kind == "PatchSet" {
			name, _ := patch["patchSetName"].(string)
			out = append(out, targets(sets[name], nil)...)
			continue
		}
		if strings.HasPrefix(kind, "To") || kind == "CombineToComposite" || kind == "CombineToEnvironment" {
			continue
		}
		field, ok := patch["toFieldPath"].(string)
		if !ok {
			field, _ = patch["fromFieldPath"].(string)
		}
		if path := fieldPath(field); len(path) > 0 {
			out = append(out, path)
		}
	}
	return out
}

// fieldPath reads Crossplane's spelling of a path: a.b[0]["c.d/e"] or a[c.d/e],
// up to the first wildcard.
func fieldPath(field string) document.Path {
	var out document.Path
	for field != "" {
		if rest, ok := strings.CutPrefix(field, "["); ok {
			key, after, ok := strings.Cut(rest, "]")
			if !ok || key == "*" {
				return out
			}
			field = after
			if n, isIndex := index(key); isIndex {
				out = append(out, n)
			} else {
				out = append(out, strings.Trim(key, `"'`))
			}
			continue
		}
		field = strings.TrimPrefix(field, ".")
		n := strings.IndexAny(field, ".[")
		if n < 0 {
			n = len(field)
		}
		if n > 0 {
			out = append(out, field[:n])
		}
		field = field[n:]
	}
	return out
}

// index reads a list index.
func index(key string) (n int, ok bool) {
	for _, c := range key {
		if c < '0' || c > '9' || n > 1<<20 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, key != ""
}

// without returns v with the value at path taken out; v itself stays as it is.
// In a list nil takes its place.
func without(v any, path document.Path) any {
	if len(path) == 0 {
		return nil
	}
	switch e := path[0].(type) {
	case string:
		m, ok := v.(map[string]any)
		if _, has := m[e]; !ok || !has {
			return v
		}
		out := make(map[string]any, len(m))
		for k, child := range m {
			if k != e {
				out[k] = child
			} else if len(path) > 1 {
				out[k] = without(child, path[1:])
			}
		}
		return out
	case int:
		l, ok := v.([]any)
		if !ok || e >= len(l) {
			return v
		}
		out := append([]any(nil), l...)
		out[e] = without(l[e], path[1:])
		return out
	}
	return v
}
