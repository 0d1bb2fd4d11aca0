package loaders_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// callsAlone writes the module calls of a plan as configuration, with the
// module's registry name: constants as they are, everything else as a variable
// without a value.
func callsAlone(t *testing.T, plan []byte, major string) (config []byte, calls []string) {
	t.Helper()
	var p struct {
		Configuration struct {
			RootModule struct {
				ModuleCalls map[string]struct {
					Source            string                     `json:"source"`
					VersionConstraint string                     `json:"version_constraint"`
					Expressions       map[string]json.RawMessage `json:"expressions"`
				} `json:"module_calls"`
			} `json:"root_module"`
		} `json:"configuration"`
	}
	if err := json.Unmarshal(plan, &p); err != nil {
		t.Fatal(err)
	}
	modules, variables := map[string]any{}, map[string]any{}
	for name, c := range p.Configuration.RootModule.ModuleCalls {
		if c.Source != "../.." && c.Source != "terraform-aws-modules/eks/aws" {
			continue
		}
		call := map[string]any{"source": "terraform-aws-modules/eks/aws", "version": major}
		if c.VersionConstraint != "" {
			call["version"] = c.VersionConstraint
		}
		for argument, e := range c.Expressions {
			var constant struct {
				Value *any `json:"constant_value"`
			}
			if err := json.Unmarshal(e, &constant); err == nil && constant.Value != nil {
				call[argument] = escaped(*constant.Value)
				continue
			}
			variable := name + "_" + argument
			variables[variable] = map[string]any{}
			call[argument] = "${var." + variable + "}"
		}
		modules[name] = call
		calls = append(calls, name)
	}
	out, err := json.Marshal(map[string]any{"module": modules, "variable": variables})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(calls)
	return out, calls
}

// escaped writes a value so that nothing in it is a template.
func escaped(v any) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(strings.ReplaceAll(v, "${", "$${"), "%{", "%%{")
	case []any:
		for i := range v {
			v[i] = escaped(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = escaped(v[k])
		}
	}
	return v
}

// knownAttributes lists the known canonical values of a document by path.
func knownAttributes(d *document.Document) map[string]any {
	out := map[string]any{}
	var walk func(path document.Path, v any)
	walk = func(path document.Path, v any) {
		for n := range len(path) + 1 {
			if s, ok := d.States[path[:n].String()]; ok && s.Kind != document.Defaulted {
				return
			}
		}
		m, ok := v.(map[string]any)
		if !ok {
			out[path.String()] = v
			return
		}
		for k, inner := range m {
			walk(path.Append(k), inner)
		}
	}
	walk(nil, d.Attr)
	return out
}

func TestTerraform_CallOfTheEKSModuleAndItsPlanAgree(t *testing.T) {
	corpus := os.Getenv("PLIMSOLL_CORPUS")
	if corpus == "" {
		t.Skip("PLIMSOLL_CORPUS is not set: there are no plans to compare with")
	}
	files, err := filepath.Glob(filepath.Join(corpus, "terraform", "public-*", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	compared := map[string]int{}
	for _, file := range files {
		plan, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		config, calls := callsAlone(t, plan, "~> 21.0")
		if len(calls) == 0 {
			continue
		}
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			tree(t, map[string]string{"plan/plan.json": string(plan), "source/main.tf.json": string(config)})
			planned := map[string]*document.Document{}
			for _, d := range read(t, loaders.Options{}, "", "plan").Documents {
				planned[d.Address] = d
			}
			source := read(t, loaders.Options{}, "", "source")
			if len(source.Documents) == 0 {
				t.Fatal("the calls make no documents")
			}
			for _, d := range source.Documents {
				p := planned[d.Address]
				switch d.Type {
				case "eks_cluster", "node_group", "launch_template", "eks_addon":
				default:
					continue
				}
				if p == nil {
					t.Errorf("%s is not in the plan", d.Address)
					continue
				}
				compared[d.Type]++
				for _, problem := range differences(p, d) {
					t.Errorf("%s: %s", d.Address, problem)
				}
			}
			for address, p := range planned {
				if p.Type == "eks_cluster" && !slices.ContainsFunc(source.Documents, func(d *document.Document) bool { return d.Address == address }) {
					t.Errorf("the calls lack %s", address)
				}
			}
		})
	}
	for _, typ := range []string{"eks_cluster", "node_group", "launch_template", "eks_addon"} {
		if compared[typ] == 0 {
			t.Errorf("no %s was compared", typ)
		}
	}
}

// differences compares what both documents know.
func differences(plan, source *document.Document) []string {
	var out []string
	p, s := knownAttributes(plan), knownAttributes(source)
	for _, path := range slices.Sorted(maps.Keys(s)) {
		if strings.HasPrefix(path, "tags") || strings.HasPrefix(path, "user_data") {
			continue
		}
		want, known := p[path]
		if known && !reflect.DeepEqual(want, s[path]) {
			out = append(out, fmt.Sprintf("%s is %v in the plan and %v from the call", path, want, s[path]))
		}
	}
	return out
}
