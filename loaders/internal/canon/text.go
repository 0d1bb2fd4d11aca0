package canon

import (
	"encoding/json"
	"strings"

	"sigs.k8s.io/yaml"
)

// parseText reads JSON or YAML into JSON kinds with int64 for whole numbers.
// Text that is a bare scalar is no document.
func parseText(text string) (any, bool) {
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, false
	}
	v, ok := decodeJSON(string(asJSON))
	if !ok {
		return nil, false
	}
	switch v.(type) {
	case map[string]any, []any:
		return v, true
	}
	return nil, false
}

// decodeJSON reads one JSON value with int64 for whole numbers.
func decodeJSON(text string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil, false
	}
	return plainNumbers(v), true
}

func plainNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plainNumbers(v[k])
		}
	}
	return v
}
