package schema_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/schema"
)

// inputs lists the folders whose documents tests read: the fixtures, the cases
// of the bundled rules, and the corpus where there is one.
func inputs(t *testing.T) []string {
	t.Helper()
	patterns := []string{
		fixtures.Path(t, "load") + "/*/*", fixtures.Path(t, "stack") + "/*", "../../policies/rules/*/*/cases",
	}
	if corpus := os.Getenv("PLIMSOLL_CORPUS"); corpus != "" {
		patterns = append(patterns, corpus+"/*")
	} else {
		t.Log("PLIMSOLL_CORPUS is not set: only the repository's own inputs are read")
	}
	var out []string
	for _, p := range patterns {
		found, err := filepath.Glob(p)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d folders, %v", p, len(found), err)
		}
		out = append(out, found...)
	}
	return out
}

// readAll reads them once for all tests.
var readAll = sync.OnceValue(func() map[string][]*document.Document { return map[string][]*document.Document{} })

func documents(t *testing.T) map[string][]*document.Document {
	t.Helper()
	all := readAll()
	if len(all) > 0 {
		return all
	}
	for _, root := range inputs(t) {
		in, err := loaders.Load(context.Background(), []string{root}, nil, loaders.Options{})
		if err != nil {
			t.Fatalf("%s: %v", root, err)
		}
		all[root] = in.Documents
	}
	return all
}

// view is a document as rules see it.
func view(d *document.Document) map[string]any {
	unknown, partial, defaulted := map[string]any{}, map[string]any{}, map[string]any{}
	states := d.States
	if d.Type == "" {
		states = d.RawStates
	}
	for p, s := range states {
		switch s.Kind {
		case document.Unknown:
			u := map[string]any{"reason": s.Reason}
			if len(s.Refs) > 0 {
				u["refs"] = s.Refs
			}
			if s.Template != "" {
				u["template"] = s.Template
			}
			unknown[p] = u
		case document.Partial:
			partial[p] = s.Reason
		case document.Defaulted:
			defaulted[p] = s.Owner
		}
	}
	refs := []any{}
	for _, r := range d.Refs {
		refs = append(refs, map[string]any{"path": r.Path.String(), "to": r.To, "attribute": r.Attribute, "via": r.Via})
	}
	attr := d.Attr
	if attr == nil {
		attr = map[string]any{}
	}
	return map[string]any{
		"id": d.ID, "format": d.Format, "kind": d.Kind, "type": d.Type, "name": d.Name, "namespace": d.Namespace,
		"address": d.Address, "action": d.Action, "conditional": d.Conditional, "attr": attr, "raw": d.Raw,
		"unknown": unknown, "partial": partial, "defaulted": defaulted, "refs": refs,
	}
}

// compile makes a validator of a schema as it is published.
func compile(t *testing.T, doc map[string]any) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", value); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain turns a value into what a JSON reader makes of it.
func plain(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// problem is the innermost reason why a document does not fit.
func problem(err error) string {
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err.Error()
	}
	for len(invalid.Causes) > 0 {
		invalid = invalid.Causes[0]
	}
	return invalid.Error()
}

func TestDocument_EveryDocumentFitsTheSchemaOfItsType(t *testing.T) {
	schemas := map[string]*jsonschema.Schema{"": compile(t, schema.Document())}
	for _, typ := range schema.All() {
		schemas[typ.Name] = compile(t, schema.Document(typ))
	}
	seen := map[string]int{}
	told := map[string]bool{}
	for root, docs := range documents(t) {
		for _, d := range docs {
			seen[d.Type]++
			value := plain(t, view(d))
			if d.Type != "" && schemas[d.Type] == nil {
				t.Errorf("%s: %s has the type %s, of which there is no schema", root, d.ID, d.Type)
				continue
			}
			if err := schemas[d.Type].Validate(value); err != nil && !told[d.Type+problem(err)] {
				told[d.Type+problem(err)] = true
				t.Errorf("%s: %s (%s): %s", root, d.ID, d.Type, problem(err))
			}
			if err := schemas[""].Validate(value); d.Type != "" && seen[d.Type] == 1 && err != nil {
				t.Errorf("%s: %s fits the schema of %s but not that of any document: %s", root, d.ID, d.Type, problem(err))
			}
		}
	}
	if len(seen) < 40 || seen["workload"] < 100 || seen["eks_cluster"] < 10 {
		t.Errorf("too few documents were read: %v", seen)
	}
	for _, typ := range schema.Types() {
		if seen[typ] == 0 {
			t.Logf("no input has a document of type %s", typ)
		}
	}
}

func TestDocument_RefusesWhatIsNotOfTheType(t *testing.T) {
	s := compile(t, schema.Document(schema.Lookup("eks_cluster")))
	cluster := func(attr string) any {
		value := plain(t, view(&document.Document{Type: "eks_cluster", Action: document.Present}))
		var fields map[string]any
		if err := json.Unmarshal([]byte(attr), &fields); err != nil {
			t.Fatal(err)
		}
		object, ok := value.(map[string]any)
		if !ok {
			t.Fatal("a document is no object")
		}
		object["attr"] = plain(t, fields)
		return object
	}
	if err := s.Validate(cluster(`{"endpoint": {"public_access": true}, "exposure": "private"}`)); err != nil {
		t.Error(problem(err))
	}
	for _, attr := range []string{
		`{"endpoint": {"publc_access": true}}`, `{"endpont": {}}`, `{"endpoint": {"public_access": "true"}}`,
		`{"logging": {"types": [1]}}`, `{"exposure": "everywhere"}`, `{"tags": {"a": {}}}`, `{"endpoint": true}`,
	} {
		if s.Validate(cluster(attr)) == nil {
			t.Errorf("%s was accepted", attr)
		}
	}
}

var index = regexp.MustCompile(`\[[0-9]+\]`)

func TestDefaults_EveryDefaultThatDocumentsHaveIsListed(t *testing.T) {
	listed := map[string][]schema.Row{}
	for _, typ := range schema.All() {
		for _, r := range typ.Defaults() {
			key := strings.Join([]string{r.Type, strings.ReplaceAll(r.Attribute, "[]", ""), r.Owner, r.Evidence}, "|")
			listed[key] = append(listed[key], r)
		}
	}
	told := map[string]bool{}
	used := map[string]bool{}
	for root, docs := range documents(t) {
		for _, d := range docs {
			for path, s := range d.States {
				// What an account's own setting decides is no documented default, and a
				// policy the tool writes is unknown for good.
				if s.Owner == "" || strings.HasPrefix(s.Evidence, "the account's default, set by") || s.Reason == document.UnevaluatedExpression {
					continue
				}
				key := strings.Join([]string{d.Type, index.ReplaceAllString(path, ""), s.Owner, s.Evidence}, "|")
				used[key] = true
				if !fits(listed[key], d, path, s) && !told[key] {
					told[key] = true
					t.Errorf("%s: %s: %s is defaulted by %s (%s), which is not listed so: %v", root, d.ID, path, s.Owner, s.Evidence, listed[key])
				}
			}
		}
	}
	for key, rows := range listed {
		if !used[key] {
			t.Logf("no input has the default %s %v", key, rows[0].Value)
		}
	}
}

// fits reports whether a row lists the default that a document has.
func fits(rows []schema.Row, d *document.Document, path string, s document.State) bool {
	return slices.ContainsFunc(rows, func(r schema.Row) bool {
		if s.Kind == document.Unknown {
			return r.Ambiguous && r.Since == s.Since
		}
		parsed, err := document.ParsePath(path)
		if err != nil {
			return false
		}
		value, ok := document.At(d.Attr, parsed)
		if !ok || r.Since != s.Since {
			return false
		}
		return r.Value == nil && r.Case != "" || r.Case != "" && looseCase(r) || asText(value) == asText(r.Value)
	})
}

// looseCase are defaults whose value depends on more than the list says.
func looseCase(r schema.Row) bool {
	return r.Attribute == "policy_types" || r.Attribute == "remote_access.source_cidrs"
}

// asText writes a value for comparison.
func asText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
