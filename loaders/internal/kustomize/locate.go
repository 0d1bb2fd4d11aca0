package kustomize

import (
	"slices"
	"strconv"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A locator finds out for a value of a built object where it was written: in
// the last patch that sets it, in the original object, or in a field of a
// kustomization. What none of them has is nearest to the original object.
type locator struct {
	object     map[string]any
	base       *written
	layers     []applied
	generators []located
	steps      []*node
	fallback   document.Range
}

// applied is a patch that may be for the object.
type applied struct {
	layer
	sure bool
}

// find names the range of a value (or of its key) under a locator.
type find func(document.Locator, document.Path) (document.Range, bool)

// Locate implements document.Locator.
func (l *locator) Locate(path document.Path) (document.Range, bool) {
	return l.locate(path, document.Locator.Locate)
}

// LocateKey implements document.Locator.
func (l *locator) LocateKey(path document.Path) (document.Range, bool) {
	return l.locate(path, document.Locator.LocateKey)
}

func (l *locator) locate(path document.Path, in find) (document.Range, bool) {
	value, present := document.At(l.object, path)
	if !present {
		if r, ok := l.removed(path, in); ok {
			return r, true
		}
		for n := range slices.Backward(path) {
			if _, ok := document.At(l.object, path[:n]); ok {
				r, _ := l.locate(path[:n], in)
				return r, false
			}
		}
	}
	if r, exact, ok := l.written(path, value, in); ok {
		return r, exact
	}
	if r, exact, ok := l.setting(path, value, in); ok {
		return r, exact
	}
	for n := len(path); n >= 0; n-- {
		if l.base != nil {
			if at, _, ok := align(l.base.value, l.object, path[:n]); ok {
				r, _ := in(l.base.locator, at)
				return r, false
			}
		}
		if r, ok := l.patched(path[:n], nil, false, in); ok {
			return r, false
		}
	}
	if len(l.generators) > 0 {
		return l.generators[0].entry(), false
	}
	return l.fallback, false
}

// written looks where somebody wrote the value itself.
func (l *locator) written(path document.Path, value any, in find) (r document.Range, exact, ok bool) {
	var at document.Path
	var was any
	inBase := false
	if l.base != nil {
		at, was, inBase = align(l.base.value, l.object, path)
	}
	if isContainer(value) {
		if inBase {
			r, _ = in(l.base.locator, at)
			return r, true, true
		}
		if r, ok = l.patched(path, nil, false, in); ok {
			return r, true, true
		}
		return l.generated(path)
	}
	same := inBase && was == value
	if same && addresses(path) {
		r, _ = in(l.base.locator, at)
		return r, true, true
	}
	if r, ok = l.patched(path, &value, same, in); ok {
		return r, true, true
	}
	if same {
		r, _ = in(l.base.locator, at)
		return r, true, true
	}
	return l.generated(path)
}

// addresses reports whether a value is one that patches repeat to say what they
// are about.
func addresses(path document.Path) bool {
	switch n := len(path); n {
	case 0:
		return false
	case 1:
		return path[0] == "apiVersion" || path[0] == "kind"
	default:
		key, _ := path[n-1].(string)
		_, inList := path[n-2].(int)
		return inList && slices.Contains(mergeKeys(), key) || n == 2 && path[0] == "metadata" && (key == "name" || key == "namespace")
	}
}

// isContainer reports whether a value has parts that are found one by one. An
// empty one is a value like any other.
func isContainer(v any) bool { return !isScalar(v) }

// patched looks for the last patch with a value at path; with want, for one
// that sets it to that. sure asks that the patch is certainly for this object.
func (l *locator) patched(path document.Path, want *any, sure bool, in find) (document.Range, bool) {
	for _, y := range slices.Backward(l.layers) {
		if sure && !y.sure {
			continue
		}
		at, value, ok := y.find(l.object, path)
		if !ok || want != nil && (!isScalar(value) || value != *want) || len(path) == 0 && y.isJSON() {
			continue
		}
		r, _ := in(y.locator, at)
		return r, true
	}
	return document.Range{}, false
}

// removed looks for the patch that took a value away by setting it to null.
func (l *locator) removed(path document.Path, in find) (document.Range, bool) {
	for _, y := range slices.Backward(l.layers) {
		if at, value, ok := y.find(l.object, path); ok && value == nil {
			r, _ := in(y.locator, at)
			return r, true
		}
	}
	return document.Range{}, false
}

func (y layer) isJSON() bool {
	_, ok := y.value.([]any)
	return ok
}

// find returns where a patch has the value for a path of the object.
func (y layer) find(object map[string]any, path document.Path) (at document.Path, value any, ok bool) {
	operations, isJSON := y.value.([]any)
	if !isJSON {
		return align(y.value, object, path)
	}
	for i, o := range slices.Backward(operations) {
		op, _ := o.(map[string]any)
		pointer := text(op["path"])
		n := pointerMatches(pointer, path)
		if n < 0 {
			continue
		}
		value, has := op["value"]
		if !has {
			continue
		}
		part, _ := document.At(object, path[:n])
		if rest, found, ok := align(value, part, path[n:]); ok {
			return append(document.Path{i, "value"}, rest...), found, true
		}
	}
	return nil, nil, false
}

// pointerMatches returns how many elements of path a JSON pointer covers, -1
// when it leads elsewhere. "-" is the end of a list, wherever that is now.
// Source: RFC 6901 section 4, RFC 6902 section 4.1.
func pointerMatches(pointer string, path document.Path) int {
	if pointer == "" {
		return 0
	}
	elements := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	if len(elements) > len(path) {
		return -1
	}
	for i, e := range elements {
		e = strings.ReplaceAll(strings.ReplaceAll(e, "~1", "/"), "~0", "~")
		switch want := path[i].(type) {
		case string:
			if e != want {
				return -1
			}
		case int:
			if e != "-" && e != strconv.Itoa(want) {
				return -1
			}
		}
	}
	return len(elements)
}

// mergeKeys are what elements of Kubernetes' lists are known by, the most
// telling first (patchMergeKey in the API's types).
// https://github.com/kubernetes/kubernetes/blob/master/pkg/generated/openapi
func mergeKeys() []string {
	return []string{"name", "containerPort", "port", "mountPath", "devicePath", "key", "ip", "topologyKey", "type", "uid"}
}

// align follows a path of the built object in a text that it was made from,
// whose lists may have fewer elements or another order.
func align(source, object any, path document.Path) (at document.Path, value any, ok bool) {
	at = make(document.Path, 0, len(path))
	for _, e := range path {
		switch e := e.(type) {
		case string:
			m, isMap := source.(map[string]any)
			if source, ok = m[e]; !isMap || !ok {
				return nil, nil, false
			}
			o, _ := object.(map[string]any)
			object = o[e]
			at = append(at, e)
		case int:
			elements, _ := source.([]any)
			built, _ := object.([]any)
			i := counterpart(elements, built, e)
			if i < 0 {
				return nil, nil, false
			}
			source, object = elements[i], built[e]
			at = append(at, i)
		}
	}
	return at, source, true
}

// counterpart returns which element of a list became element e of the built
// one, -1 if none.
func counterpart(elements, built []any, e int) int {
	if e >= len(built) || len(elements) == 0 {
		return -1
	}
	o, isMap := built[e].(map[string]any)
	if !isMap {
		same := func(v any) bool { return isScalar(v) && isScalar(built[e]) && v == built[e] }
		if i := slices.IndexFunc(elements, same); i >= 0 {
			return i
		}
		return sameIndex(elements, built, e)
	}
	for _, key := range mergeKeys() {
		if i := keyed(elements, key, o[key]); i >= 0 {
			return i
		}
	}
	at := sameIndex(elements, built, e)
	if at >= 0 && renamed(elements[at], o) {
		return -1
	}
	return at
}

// keyed returns the only element with a scalar at a key, -1 if there is none or
// several.
func keyed(elements []any, key string, want any) int {
	if want == nil || !isScalar(want) {
		return -1
	}
	found := -1
	for i, v := range elements {
		m, _ := v.(map[string]any)
		if got, ok := m[key]; ok && isScalar(got) && got == want {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// renamed reports whether a name shows that two elements have nothing to do with
// each other: what a build does to a name leaves it inside the new one.
func renamed(before any, after map[string]any) bool {
	m, _ := before.(map[string]any)
	was, now := text(m["name"]), text(after["name"])
	return was != "" && now != "" && !strings.Contains(now, was)
}

func sameIndex(elements, built []any, e int) int {
	if len(elements) == len(built) {
		return e
	}
	return -1
}
