package tfplan_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type schemaBlock struct {
	Attributes map[string]struct {
		Optional bool `json:"optional"`
		Computed bool `json:"computed"`
	} `json:"attributes"`
	BlockTypes map[string]struct {
		Block schemaBlock `json:"block"`
	} `json:"block_types"`
}

func (b schemaBlock) computed(prefix string, computed, optional *[]string) {
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		switch a := b.Attributes[name]; {
		case a.Computed && a.Optional:
			*optional = append(*optional, prefix+name)
		case a.Computed:
			*computed = append(*computed, prefix+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.BlockTypes)) {
		b.BlockTypes[name].Block.computed(prefix+name+".", computed, optional)
	}
}

// leftOut reads which blocks the real plan of left-out blocks shows as unknown.
func leftOut(t *testing.T) map[string]map[string]any {
	t.Helper()
	text, err := os.ReadFile("testdata/left-out.json")
	if err != nil {
		t.Fatal(err)
	}
	var plan struct {
		Changes []struct {
			Type   string `json:"type"`
			Change struct {
				Unknown map[string]any `json:"after_unknown"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]any{}
	for _, c := range plan.Changes {
		out[c.Type] = c.Change.Unknown
	}
	return out
}

func tableLine(name string, b schemaBlock, unknown map[string]any) string {
	var computed, optional, filled, written []string
	b.computed("", &computed, &optional)
	for _, block := range slices.Sorted(maps.Keys(b.BlockTypes)) {
		switch {
		case unknown == nil || block == "timeouts":
		case unknown[block] == true:
			filled = append(filled, block)
		default:
			written = append(written, block)
		}
	}
	var columns []string
	for _, column := range [][]string{computed, optional, filled, written} {
		columns = append(columns, strings.Join(column, ","))
	}
	return name + "|" + strings.Join(columns, "|")
}

func TestTable_BlocksAgreeWithARealPlan(t *testing.T) {
	table := readTable(t)
	for name, unknown := range leftOut(t) {
		columns, listed := table[name]
		if !listed {
			continue
		}
		for block, mask := range unknown {
			filled := slices.Contains(strings.Split(columns[2], ","), block)
			written := slices.Contains(strings.Split(columns[3], ","), block)
			if written && mask == true || filled && mask != true {
				t.Errorf("%s.%s: the plan says unknown=%v, the table filled=%v written=%v", name, block, mask, filled, written)
			}
		}
	}
}

func readTable(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("computed.txt")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		if len(columns) != 5 {
			t.Fatalf("line %q has %d columns", line, len(columns))
		}
		table[columns[0]] = columns[1:]
	}
	return table
}

// The table is made from `terraform providers schema -json` of hashicorp/aws
// 5.100.0, whose name PLIMSOLL_AWS_SCHEMA gives. With -update it is rewritten;
// a new type is added by a line with its name.
func TestTable_AgreesWithTheProviderSchema(t *testing.T) {
	name := os.Getenv("PLIMSOLL_AWS_SCHEMA")
	if name == "" {
		t.Skip("PLIMSOLL_AWS_SCHEMA does not name a provider schema")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Providers map[string]struct {
			Resources map[string]struct {
				Block schemaBlock `json:"block"`
			} `json:"resource_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	resources := schema.Providers["registry.terraform.io/hashicorp/aws"].Resources
	unknown := leftOut(t)
	var want strings.Builder
	for _, name := range slices.Sorted(maps.Keys(readTable(t))) {
		r, ok := resources[name]
		if !ok {
			t.Errorf("the provider has no type %s", name)
			continue
		}
		want.WriteString(tableLine(name, r.Block, unknown[name]) + "\n")
	}
	got, err := os.ReadFile("computed.txt")
	if err != nil {
		t.Fatal(err)
	}
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile("computed.txt", []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("run with -update to rewrite the table:\n%s", diff)
	}
}
