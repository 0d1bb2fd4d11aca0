package lift

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// apiFields are the types of the Kubernetes API: of kinds, and of the fields of
// every type.
type apiFields struct {
	kinds map[string]string
	types map[string]map[string]string
}

func readLines(t testing.TB, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
			out = append(out, words)
		}
	}
	return out
}

func readAPI(t testing.TB) apiFields {
	api := apiFields{kinds: map[string]string{}, types: map[string]map[string]string{}}
	for _, words := range readLines(t, "api-fields.txt") {
		if words[0] == "kind" {
			api.kinds[words[1]] = words[2]
			continue
		}
		fields := map[string]string{}
		for _, w := range words[2:] {
			name, typ, _ := strings.Cut(w, "=")
			fields[name] = typ
		}
		api.types[words[1]] = fields
	}
	return api
}

// check reports where a value is not of an API type.
func (api apiFields) check(value any, typ, at string, problem func(format string, args ...any)) {
	if element, ok := strings.CutPrefix(typ, "[]"); ok {
		l, ok := value.([]any)
		if !ok {
			problem("%s is %T, the API has a list", at, value)
			return
		}
		for i, v := range l {
			api.check(v, element, fmt.Sprintf("%s[%d]", at, i), problem)
		}
		return
	}
	if fields, ok := api.types[typ]; ok {
		m, ok := value.(map[string]any)
		if !ok {
			problem("%s is %T, the API has %s", at, value, typ)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if fields[name] == "" {
				problem("%s.%s: %s has no such field", at, name, typ)
				continue
			}
			api.check(m[name], fields[name], at+"."+name, problem)
		}
		return
	}
	ok := false
	switch value := value.(type) {
	case string:
		ok = typ == "string" || typ == "quantity" || typ == "intstr"
	case int64:
		ok = typ == "int" || typ == "intstr" || typ == "float"
	case bool:
		ok = typ == "bool"
	case map[string]any:
		_, kept := value["snake_key"]
		ok = strings.HasPrefix(typ, "map:") && kept
	}
	if !ok {
		problem("%s is %T, the API has %s", at, value, typ)
	}
}

// arguments is the provider's schema.
type arguments struct {
	blocks    map[string][]string
	resources map[string]string
}

func readArguments(t testing.TB) arguments {
	out := arguments{map[string][]string{}, map[string]string{}}
	for _, words := range readLines(t, "provider-arguments.txt") {
		if words[0] == "block" {
			out.blocks[words[1]] = words[2:]
		} else {
			out.resources[words[1]] = words[2]
		}
	}
	return out
}

// sample makes a block with every argument set, as a plan shows it. Numbers in
// text are digits, so that a wrong conversion shows.
func (a arguments) sample(block string) map[string]any {
	out := map[string]any{}
	for _, w := range a.blocks[block] {
		name, typ, _ := strings.Cut(w, "=")
		if strings.HasSuffix(name, "!") {
			continue
		}
		shape, inner, nested := strings.Cut(typ, ":")
		switch {
		case shape == "one":
			out[name] = []any{a.sample(inner)}
		case shape == "many", shape == "attrlist":
			out[name] = []any{a.sample(inner), a.sample(inner)}
		case shape == "attr":
			out[name] = a.sample(inner)
		case nested: // map:string
			out[name] = map[string]any{"snake_key": "7"}
		case typ == "[]string":
			out[name] = []any{"7", "x"}
		case typ == "[]number":
			out[name] = []any{int64(7)}
		case typ == "number":
			out[name] = int64(7)
		case typ == "bool":
			out[name] = true
		default:
			out[name] = "7"
		}
	}
	return out
}

func typedDocument(resource string, raw map[string]any) *document.Document {
	return &document.Document{
		ID: "plan.json#" + resource + ".x", Format: "terraform-plan", Kind: resource, Name: "x",
		Address: resource + ".x", Scope: "tf:plan.json", Action: document.Create, Raw: raw,
		RawStates: document.States{}, Tokens: []string{"tf:plan.json#" + resource + ".x"},
	}
}

func TestTyped_EveryArgumentBecomesAFieldOfTheAPI(t *testing.T) {
	api, args := readAPI(t), readArguments(t)
	for _, resource := range slices.Sorted(maps.Keys(args.resources)) {
		d := typedDocument(resource, args.sample(args.resources[resource]))
		docs, diags := Documents([]*document.Document{d})
		if len(docs) != 2 || len(diags) > 0 {
			t.Errorf("%s: %d documents, diagnostics %v", resource, len(docs), diags)
			continue
		}
		child := docs[1]
		typ := api.kinds[child.Kind]
		if typ == "" {
			t.Errorf("%s: the API has no kind %s", resource, child.Kind)
			continue
		}
		api.check(child.Raw, typ, resource, func(format string, a ...any) { t.Errorf(format, a...) })
	}
}

// leaves calls f with the path of every scalar, map of scalars and list of
// scalars in a sample.
func leaves(value any, at document.Path, f func(document.Path)) {
	switch v := value.(type) {
	case map[string]any:
		if _, isMap := v["snake_key"]; !isMap {
			for _, key := range slices.Sorted(maps.Keys(v)) {
				leaves(v[key], at.Append(key), f)
			}
			return
		}
	case []any:
		if _, isBlock := v[0].(map[string]any); isBlock {
			for i := range v {
				leaves(v[i], at.Append(i), f)
			}
			return
		}
	}
	f(at)
}

func TestTyped_PathsLeadFromArgumentsToFieldsAndBack(t *testing.T) {
	args := readArguments(t)
	for _, resource := range slices.Sorted(maps.Keys(args.resources)) {
		d := typedDocument(resource, args.sample(args.resources[resource]))
		docs, _ := Documents([]*document.Document{d})
		object := docs[1].Locator().(*typedObject)
		seen := map[string]bool{}
		leaves(d.Raw, nil, func(raw document.Path) {
			field, ok := object.field(raw)
			if !ok {
				return
			}
			if seen[field.String()] { // repeated, but the API has it once: the first counts
				return
			}
			seen[field.String()] = true
			if _, exists := document.At(object.value, field); !exists {
				t.Errorf("%s: %s should be %s, which the object lacks", resource, raw, field)
				return
			}
			if back, exact := object.argument(field); back.String() != raw.String() || !exact {
				t.Errorf("%s: %s is %s, which leads back to %s", resource, raw, field, back)
			}
		})
	}
}
