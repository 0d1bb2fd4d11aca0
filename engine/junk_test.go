package engine_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// junk is what may stand where a rule expects something else.
func junk() []any {
	return []any{nil, true, 7, -0.5, "", "x", []any{}, []any{nil, "x", 7, map[string]any{"x": 1}}, map[string]any{}, map[string]any{"name": nil, "x": []any{7}}}
}

// places lists setters of every value below v.
func places(v any, set func(any)) []func(any) {
	out := []func(any){set}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sortedNames(v) {
			out = append(out, places(v[key], func(x any) { v[key] = x })...)
		}
	case []any:
		for i := range v {
			out = append(out, places(v[i], func(x any) { v[i] = x })...)
		}
	}
	return out
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// objectsOf reads the documents of a case; templates and lists of several
// languages are left out.
func objectsOf(t *testing.T, name string) []any {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "{{") || strings.Contains(string(text), ": !") {
		return nil
	}
	var out []any
	for part := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var v any
		if yaml.Unmarshal(part, &v) == nil && v != nil {
			out = append(out, v)
		}
	}
	return out
}

func TestRules_DoNotBreakOnJunk(t *testing.T) {
	files, err := filepath.Glob("../policies/rules/*/*/cases/*")
	if err != nil {
		t.Fatal(err)
	}
	e := everything(t)
	exhaustive := os.Getenv("PLIMSOLL_EXHAUSTIVE") != ""
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
	count := 0
	for _, name := range files {
		switch filepath.Ext(name) {
		case ".yaml", ".json":
		default:
			continue
		}
		objects := objectsOf(t, name)
		for i := range objects {
			number := len(places(objects[i], func(any) {}))
			for place := range number {
				for _, value := range junk() {
					if !exhaustive && random.IntN(400) != 0 {
						continue
					}
					count++
					spoiled := objectsOf(t, name)
					places(spoiled[i], func(x any) { spoiled[i] = x })[place](value)
					if wrong := broken(t, e, stream(t, asStream(t, spoiled))); len(wrong) > 0 {
						t.Errorf("%s, object %d, place %d made %v (seed %d): %s", name, i, place, value, seed, wrong)
					}
				}
			}
		}
	}
	t.Logf("%d spoiled inputs", count)
}

// everything is an evaluator of all rules.
func everything(t *testing.T) *eval.Evaluator {
	t.Helper()
	library, _, err := policy.Load(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	program, _, err := library.Compile(library.Rules())
	if err != nil {
		t.Fatal(err)
	}
	data, err := library.Data(program, nil, engine.DataDate)
	if err != nil {
		t.Fatal(err)
	}
	e, err := eval.New(program, eval.Options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// asStream writes objects as a stream of JSON texts, which is YAML.
func asStream(t *testing.T, objects []any) string {
	t.Helper()
	var text strings.Builder
	for _, o := range objects {
		one, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString("---\n" + string(one) + "\n")
	}
	return text.String()
}
