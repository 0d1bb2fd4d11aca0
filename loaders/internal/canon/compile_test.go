package canon

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"sigs.k8s.io/yaml"

	"github.com/plimsoll-dev/plimsoll/fixtures"
)

// A table says how one canonical type is read from each of its sources.
type table struct {
	Type string `json:"type"`
	Doc  string `json:"doc,omitempty"`
	// Sources are the languages the type is written in, by a short name that
	// From and Default refer to.
	Sources    map[string]*source `json:"sources"`
	Attributes []*attribute       `json:"attributes"`
}

// A source is one language and the raw kinds that yield the type in it.
type source struct {
	Kinds []string `json:"kinds"`
	// Root is the raw path all paths of the source are counted from.
	Root string `json:"root,omitempty"`
	// Like names the source whose paths this one shares, respelled as Case says:
	// "camel" (subnet_ids -> subnetIds), "lower" (SubnetIds -> subnetIds), or ""
	// for the same spelling.
	Like string `json:"like,omitempty"`
	Case string `json:"case,omitempty"`
	// Refs says that the source may write roleRef or subnetIdRefs in place of a
	// value, as Crossplane and ACK do: such a value is unknown, not absent.
	Refs bool `json:"refs,omitempty"`
	// Parent is the kind whose documents these are derived from, for kinds that
	// no file holds by itself.
	Parent string `json:"parent,omitempty"`
	// Code says that Go code reads the source: the table only describes what it
	// does, for the schema and the list of defaults.
	Code bool `json:"code,omitempty"`
}

// An attribute is one canonical attribute and where it stands.
type attribute struct {
	Name string `json:"name"`
	// Type is bool, int, string, list, set, map, ref, refs, policy, json, any,
	// present or objects.
	Type string `json:"type"`
	Doc  string `json:"doc,omitempty"`
	// Enum lists the AWS API's spelling of the values; other casings are
	// translated, other values kept.
	Enum []string `json:"enum,omitempty"`
	// Closed says that there are no other values, because code decides them.
	Closed bool `json:"closed,omitempty"`
	// EmptyIsAbsent says that an empty list means the default.
	EmptyIsAbsent bool `json:"empty_is_absent,omitempty"`
	// Hidden attributes are read for code to work on and then removed.
	Hidden bool `json:"hidden,omitempty"`
	// Written says that the value is passed on as its author wrote it, and Shape
	// which object of the Kubernetes API it is meant to be ("v1.PodSpec").
	Written bool             `json:"written,omitempty"`
	Shape   string           `json:"shape,omitempty"`
	From    map[string]*from `json:"from,omitempty"`
	Default []*tableDefault  `json:"default,omitempty"`
	// Items are the attributes of each element, for Type objects. Their paths
	// are counted from the element.
	Items []*attribute `json:"items,omitempty"`
}

// A tableDefault is a default as a table has it.
type tableDefault struct {
	fallback
	// Code says that Go code applies it, Case in words when.
	Code bool   `json:"code,omitempty"`
	Case string `json:"case,omitempty"`
	// Version is that of the tool or API that was looked at.
	Version string `json:"version,omitempty"`
}

// readTables reads tables/*.yaml as they are written.
func readTables(t testing.TB) map[string]*table {
	t.Helper()
	files, err := filepath.Glob("tables/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	out := map[string]*table{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tab := &table{}
		if err := yaml.UnmarshalStrict(text, tab); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if want := strings.TrimSuffix(filepath.Base(file), ".yaml"); tab.Type != want {
			t.Errorf("%s: type is %q, want the file's name", file, tab.Type)
		}
		out[tab.Type] = tab
	}
	return out
}

// expandAttribute writes out the paths of sources that are like another one.
func expandAttribute(t testing.TB, tab *table, a *attribute) {
	t.Helper()
	for name, s := range tab.Sources {
		if s.Like == "" || a.From[name] != nil || a.From[s.Like] == nil {
			continue
		}
		base := a.From[s.Like]
		a.From[name] = &from{
			First: respellAll(base.First, s.Case), Union: respellAll(base.Union, s.Case),
			Prefix: respell(base.Prefix, s.Case), Values: base.Values, Const: base.Const,
		}
	}
	for name, f := range a.From {
		if len(f.First) == 1 && f.First[0] == "-" {
			delete(a.From, name)
		}
	}
	for _, item := range a.Items {
		expandAttribute(t, tab, item)
	}
}

func respellAll(paths []string, style string) []string {
	var out []string
	for _, p := range paths {
		out = append(out, respell(p, style))
	}
	return out
}

// respell turns a path's keys into another spelling.
func respell(path, style string) string {
	if style == "" || strings.HasPrefix(path, fromRoot) || path == "-" {
		return path
	}
	keys := strings.Split(path, ".")
	for i, key := range keys {
		switch style {
		case "lower":
			r := []rune(key)
			if len(r) > 0 {
				r[0] = unicode.ToLower(r[0])
			}
			keys[i] = string(r)
		case "camel":
			words := strings.Split(key, "_")
			for j, w := range words {
				if j > 0 && w != "" {
					words[j] = strings.ToUpper(w[:1]) + w[1:]
				}
			}
			keys[i] = strings.Join(words, "")
		}
	}
	return strings.Join(keys, ".")
}

// MarshalJSON writes the short form for the common case.
func (f *from) MarshalJSON() ([]byte, error) {
	if len(f.First) == 1 && f.Union == nil && f.Values == nil && f.Const == nil && f.Prefix == "" {
		return json.Marshal(f.First[0])
	}
	type plain from
	return json.Marshal((*plain)(f))
}

// viewOf keeps what one source needs of a table's attributes.
func viewOf(attributes []*attribute, name string) []*sourceAttribute {
	var out []*sourceAttribute
	for _, a := range attributes {
		v := &sourceAttribute{
			Name: a.Name, Type: a.Type, Enum: a.Enum, EmptyIsAbsent: a.EmptyIsAbsent, Hidden: a.Hidden,
			From: a.From[name], Items: viewOf(a.Items, name),
		}
		for _, d := range a.Default {
			if !d.Code && (len(d.For) == 0 || slices.Contains(d.For, name)) {
				own := d.fallback
				own.For = nil
				v.Default = append(v.Default, &own)
			}
		}
		if v.From != nil || v.Default != nil {
			out = append(out, v)
		}
	}
	return out
}

// compileTables writes tables.jsonl and index.tsv.
func compileTables(t testing.TB, tables map[string]*table) (lines, index string) {
	t.Helper()
	var text, rows strings.Builder
	var all []string
	for _, typ := range slices.Sorted(maps.Keys(tables)) {
		tab := tables[typ]
		for _, a := range tab.Attributes {
			expandAttribute(t, tab, a)
		}
		for _, name := range slices.Sorted(maps.Keys(tab.Sources)) {
			s := tab.Sources[name]
			if s.Code {
				continue
			}
			line, err := json.Marshal(sourceView{Root: s.Root, Refs: s.Refs, Attributes: viewOf(tab.Attributes, name)})
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range s.Kinds {
				all = append(all, strings.Join([]string{
					kind, typ, name, strconv.Itoa(text.Len()), strconv.Itoa(len(line)), s.Parent,
				}, "\t"))
			}
			text.Write(line)
			text.WriteByte('\n')
		}
	}
	slices.Sort(all)
	rows.WriteByte('\n') // every row is found by the line break before it
	for _, row := range all {
		rows.WriteString(row + "\n")
	}
	return text.String(), rows.String()
}

func TestTables_CompiledFormIsFresh(t *testing.T) {
	lines, index := compileTables(t, readTables(t))
	fixtures.Golden(t, filepath.Join("compiled", "tables.jsonl"), []byte(lines))
	fixtures.Golden(t, filepath.Join("compiled", "index.tsv"), []byte(index))
}

func TestTables_EveryCompiledLineLoads(t *testing.T) {
	if len(entries()) < 100 {
		t.Fatalf("the index has %d entries", len(entries()))
	}
	for _, e := range entries() {
		found, ok := lookUp(e.kind)
		if !ok || found != e {
			t.Errorf("%s: found %+v", e.kind, found)
		}
		if p := e.load(); p == nil {
			t.Errorf("%s: the line cannot be read", e.kind)
		}
	}
	for _, kind := range []string{"", "aws_eks", "eks_cluster", "aws_eks_cluster\teks_cluster"} {
		if e, ok := lookUp(kind); ok {
			t.Errorf("%q was found as %+v", kind, e)
		}
	}
}
