package redact

import (
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// assigned is an argument that carries its value with it.
const assigned = `^--?([A-Za-z][A-Za-z0-9_.-]*)=(.+)$`

// A walker finds secrets in a value by the names they stand under.
type walker struct {
	words func() *lexicon
	path  document.Path // of the value that is looked at
	// found is told of every secret; whole is false where the text at the path
	// has other things in it, too.
	found func(path document.Path, secret string, whole bool)
}

// nameKeys and valueKeys are how lists spell pairs: env of containers, set of
// Helm releases, parameters and tags of CloudFormation.
func nameKeys() []string  { return []string{"name", "Name", "key", "Key", "ParameterKey"} }
func valueKeys() []string { return []string{"value", "Value", "ParameterValue"} }

func (w *walker) walk(v any) {
	switch v := v.(type) {
	case map[string]any:
		w.object(v)
	case []any:
		w.list(v)
	case string:
		if strings.Contains(v, pemMark) {
			w.emit(v, true)
		}
	}
}

func (w *walker) object(m map[string]any) {
	paired := w.pair(m)
	for k, e := range m {
		w.path = append(w.path, k)
		switch e := e.(type) {
		case string:
			if k != paired && w.names(k) && w.isSecret(k, e) {
				w.emit(e, true)
				break
			}
			w.walk(e)
		case []any:
			if w.names(k) {
				w.strings(k, e)
			}
			w.walk(e)
		default:
			w.walk(e)
		}
		w.path = w.path[:len(w.path)-1]
	}
}

// pair looks at {name: DB_PASSWORD, value: …} and returns the key of a value
// it has told about.
func (w *walker) pair(m map[string]any) string {
	for _, n := range nameKeys() {
		name, ok := m[n].(string)
		if !ok || !w.names(name) {
			continue
		}
		for _, k := range valueKeys() {
			if text, ok := m[k].(string); ok && w.isSecret(name, text) {
				w.path = append(w.path, k)
				w.emit(text, true)
				w.path = w.path[:len(w.path)-1]
				return k
			}
		}
	}
	return ""
}

// strings are several secrets under one name.
func (w *walker) strings(name string, list []any) {
	for i, e := range list {
		if text, ok := e.(string); ok && w.isSecret(name, text) {
			w.path = append(w.path, i)
			w.emit(text, true)
			w.path = w.path[:len(w.path)-1]
		}
	}
}

// list looks at the arguments of a program, among others.
func (w *walker) list(list []any) {
	for i, e := range list {
		w.path = append(w.path, i)
		if text, ok := e.(string); ok {
			w.argument(list, i, text)
		}
		w.walk(e)
		w.path = w.path[:len(w.path)-1]
	}
}

func (w *walker) argument(list []any, i int, text string) {
	if mayNameSecret(text) && len(text) > 1 && text[0] == '-' {
		if parts := w.words().assigned.FindStringSubmatch(text); len(parts) == 3 && w.names(parts[1]) && w.isSecret(parts[1], parts[2]) {
			w.emit(parts[2], false)
		}
	}
	if i == 0 {
		return
	}
	flag, ok := list[i-1].(string)
	if !ok || len(flag) < 2 || flag[0] != '-' || strings.ContainsAny(flag, "= ") || strings.HasPrefix(text, "-") {
		return
	}
	if name := strings.TrimLeft(flag, "-"); w.names(name) && w.isSecret(name, text) {
		w.emit(text, true)
	}
}

// names asks the cheap question before anything is compiled.
func (w *walker) names(name string) bool { return mayNameSecret(name) && w.words().names(name) }

func (w *walker) isSecret(name, text string) bool { return w.words().isSecret(name, text, false) }

func (w *walker) emit(secret string, whole bool) { w.found(slices.Clone(w.path), secret, whole) }
