package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
)

// A ParameterError says that a configured parameter does not fit its rule.
type ParameterError struct{ Rule, Name, Problem string }

// Error implements error.
func (e *ParameterError) Error() string {
	return fmt.Sprintf("parameter %s of %s: %s", e.Name, e.Rule, e.Problem)
}

// Data returns the base document rules read under data.plimsoll: params by
// slug, as_of and the dated facts the program needs. values are configured
// parameters by rule ID or slug.
func (l *Library) Data(p *Program, values map[string]map[string]any, asOf string) (map[string]any, error) {
	params := map[string]any{}
	for _, u := range p.Units {
		for _, r := range u.Rules {
			set, err := parameters(r, values)
			if err != nil {
				return nil, err
			}
			place(params, strings.Split(r.Slug, "/"), set)
		}
	}
	facts := map[string]any{}
	for _, name := range p.Facts {
		text, err := fs.ReadFile(l.facts, "data/"+name+".json")
		if err != nil {
			return nil, fmt.Errorf("read data.plimsoll.facts.%s: %w", name, err)
		}
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			return nil, fmt.Errorf("read data/%s.json: %w", name, err)
		}
		facts[name] = v
	}
	return map[string]any{"plimsoll": map[string]any{"params": params, "as_of": asOf, "facts": facts}}, nil
}

func place(tree map[string]any, at []string, leaf map[string]any) {
	for _, part := range at {
		next, ok := tree[part].(map[string]any)
		if !ok {
			next = map[string]any{}
			tree[part] = next
		}
		tree = next
	}
	maps.Copy(tree, leaf)
}

// parameters merges the declared defaults with what is configured.
func parameters(r *Rule, values map[string]map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for _, p := range r.Parameters {
		out[p.Name] = p.Default
	}
	for _, key := range []string{r.Slug, r.ID} {
		for _, name := range slices.Sorted(maps.Keys(values[key])) {
			i := slices.IndexFunc(r.Parameters, func(p finding.Parameter) bool { return p.Name == name })
			if i < 0 {
				return nil, &ParameterError{Rule: r.ID, Name: name, Problem: "the rule has no such parameter"}
			}
			v := values[key][name]
			if err := fits(r.Parameters[i].Type, v); err != nil {
				return nil, &ParameterError{Rule: r.ID, Name: name, Problem: err.Error()}
			}
			out[name] = v
		}
	}
	return out, nil
}

// fits checks a value against a declared type: string, int, bool,
// list(string), list(int) or map.
func fits(typ string, v any) error {
	ok := true
	switch typ {
	case "string":
		_, ok = v.(string)
	case "bool":
		_, ok = v.(bool)
	case "int":
		ok = isInt(v)
	case "map":
		_, ok = v.(map[string]any)
	case "list(string)", "list(int)":
		var list []any
		if list, ok = v.([]any); ok {
			elem := strings.TrimSuffix(strings.TrimPrefix(typ, "list("), ")")
			for _, e := range list {
				if err := fits(elem, e); err != nil {
					return errors.New("want " + typ)
				}
			}
		}
	}
	if !ok {
		return errors.New("want " + typ)
	}
	return nil
}

func isInt(v any) bool {
	switch v := v.(type) {
	case int, int64:
		return true
	case float64:
		return v == float64(int64(v))
	}
	return false
}
