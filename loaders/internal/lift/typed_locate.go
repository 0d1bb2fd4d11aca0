package lift

import (
	"maps"
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// Locate implements document.Locator: it finds the argument behind a field.
func (t *typedObject) Locate(path document.Path) (document.Range, bool) {
	raw, exact := t.argument(path)
	r, found := t.carrier.Locate(raw)
	return r, exact && found
}

// LocateKey implements document.Locator.
func (t *typedObject) LocateKey(path document.Path) (document.Range, bool) {
	raw, exact := t.argument(path)
	r, found := t.carrier.LocateKey(raw)
	return r, exact && found
}

// argument translates the path of a field to the path of its argument. For a
// field that is not set it goes as far as it can and exact is false.
func (t *typedObject) argument(path document.Path) (raw document.Path, exact bool) {
	_, exact = document.At(t.value, path)
	raw = document.Path{}
	var value any = t.carrier.Raw
	parent := root
	for i := 0; i < len(path); i++ {
		name, isKey := path[i].(string)
		args, _ := value.(map[string]any)
		if !isKey || args == nil {
			return append(raw, path[i:]...), exact
		}
		steps, f, ok := t.find(args, parent, name)
		if !ok {
			// Not set: the provider's name of it, if there is one.
			return t.guess(raw, parent, name), false
		}
		raw = append(raw, steps...)
		value, _ = document.At(args, steps)
		parent, _ = steps[len(steps)-1].(string)
		elements, isList := value.([]any)
		switch {
		case !isList:
			if f.shape == plain {
				return append(raw, path[i+1:]...), exact
			}
		case f.shape == one, f.shape == plain && !listShaped(t.value, path[:i+1]):
			raw = append(raw, 0)
			value = element(elements, 0)
		case i+1 < len(path):
			n, isIndex := path[i+1].(int)
			if !isIndex {
				return raw, false
			}
			raw = append(raw, n)
			value = element(elements, n)
			i++
		}
	}
	return raw, exact
}

func element(l []any, i int) any {
	if i < 0 || i >= len(l) {
		return nil
	}
	return l[i]
}

// listShaped reports whether a path of the object holds a list.
func listShaped(object map[string]any, path document.Path) bool {
	v, _ := document.At(object, path)
	_, ok := v.([]any)
	return ok
}

// find returns the steps from a block to the argument that makes a field.
// Arguments are tried in order, set ones first, so that the answer is the same
// every time.
func (t *typedObject) find(args map[string]any, parent, name string) (document.Path, field, bool) {
	var unset document.Path
	var unsetField field
	for _, key := range slices.Sorted(maps.Keys(args)) {
		f := t.rules.lookup(t.kind, parent, key)
		switch {
		case f.shape == inline:
			inner := block(args, key)
			steps, f, ok := t.find(inner, key, name)
			if !ok {
				continue
			}
			if _, isList := args[key].([]any); isList {
				return append(document.Path{key, 0}, steps...), f, true
			}
			return append(document.Path{key}, steps...), f, true
		case f.shape == gone || f.name != name:
		case args[key] == nil:
			unset, unsetField = document.Path{key}, f
		default:
			return document.Path{key}, f, true
		}
	}
	return unset, unsetField, unset != nil
}

// guess appends the argument that a field would be set with.
func (t *typedObject) guess(raw document.Path, parent, name string) document.Path {
	if parent == root && (name == "apiVersion" || name == "kind") {
		return raw
	}
	key := snake(name)
	if f := t.rules.lookup(t.kind, parent, key); f.name == name && f.shape != gone {
		return append(raw, key)
	}
	best := ""
	for at, f := range t.rules {
		if at.block == "" && f.name == name && f.shape != gone && (best == "" || at.argument < best) {
			best = at.argument
		}
	}
	if best == "" {
		return raw
	}
	return append(raw, best)
}

// snake turns camelCase into snake_case: hostPID into host_pid.
func snake(s string) string {
	out := make([]byte, 0, len(s)+4)
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			if i > 0 && (s[i-1] < 'A' || s[i-1] > 'Z') {
				out = append(out, '_')
			}
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return string(out)
}
