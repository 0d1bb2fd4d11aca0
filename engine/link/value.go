package link

import "strings"

// get walks keys down nested objects; nil where one is missing.
func get(v any, keys ...string) any {
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// text returns a string, or "" for anything else.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// list returns a list's elements; a lone object or string counts as a list of
// one, because sources write one-element lists both ways.
func list(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case map[string]any, string:
		return []any{v}
	}
	return nil
}

// texts returns the strings of a list.
func texts(v any) []string {
	var out []string
	for _, e := range list(v) {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// object returns an object, or the only element of a one-element list of
// objects, which is how Terraform plans show nested blocks.
func object(v any) map[string]any {
	if l, ok := v.([]any); ok && len(l) == 1 {
		v = l[0]
	}
	m, _ := v.(map[string]any)
	return m
}

// truth reads a boolean that may be written as a string.
func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	}
	return false
}

// integer reads a whole number of any JSON kind.
func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case float64:
		return int64(v), v == float64(int64(v))
	}
	return 0, false
}

func anyList[T any](in []T) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = v
	}
	return out
}

// holed reports whether a text has an unknown part, written ${...}.
func holed(s string) bool { return strings.Contains(s, "${") }
