package tfplan_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/tfplan"
)

// A loaded plan, by address.
type loaded struct {
	t           *testing.T
	documents   []*document.Document
	diagnostics []document.Diagnostic
}

func load(t *testing.T, text string) loaded {
	t.Helper()
	plan := tfplan.Open(&document.Source{Name: "plan.json", Content: []byte(text)})
	l := loaded{t: t}
	l.documents, l.diagnostics = plan.Documents(context.Background(), nil)
	return l
}

// fixture loads a real plan without its sources.
func fixture(t *testing.T, name string) loaded {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../../fixtures/load/terraform-plan", name))
	if err != nil {
		t.Fatal(err)
	}
	return load(t, string(text))
}

// leftOutPlan is a real plan of resources of which only the required arguments
// are written.
func leftOutPlan(t *testing.T) loaded {
	t.Helper()
	text, err := os.ReadFile("testdata/left-out.json")
	if err != nil {
		t.Fatal(err)
	}
	return load(t, string(text))
}

func (l loaded) doc(address string) *document.Document {
	l.t.Helper()
	i := slices.IndexFunc(l.documents, func(d *document.Document) bool { return d.Address == address })
	if i < 0 {
		l.t.Fatalf("no document %s", address)
	}
	return l.documents[i]
}

func (l loaded) has(address string) bool {
	return slices.ContainsFunc(l.documents, func(d *document.Document) bool { return d.Address == address })
}

// says checks that there is one diagnostic of the level with the words.
func (l loaded) says(level document.Level, words string) {
	l.t.Helper()
	for _, d := range l.diagnostics {
		if d.Level == level && strings.Contains(d.Message, words) {
			return
		}
	}
	l.t.Errorf("no %s says %q: %v", level, words, l.diagnostics)
}

func (l loaded) quiet() {
	l.t.Helper()
	if len(l.diagnostics) > 0 {
		l.t.Errorf("unexpected diagnostics: %v", l.diagnostics)
	}
}

// knowledge says in one word what a document knows at a raw path.
func knowledge(d *document.Document, path string) string {
	parsed, err := document.ParsePath(path)
	if err != nil {
		return err.Error()
	}
	state, ok := d.RawStates[path]
	v, exists := document.At(d.Raw, parsed)
	switch {
	case ok:
		return string(state.Kind) + " " + state.Reason
	case !exists:
		return "absent"
	case v == nil:
		return "null"
	}
	return "known"
}

func wantKnowledge(t *testing.T, d *document.Document, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for path := range want {
		got[path] = knowledge(d, path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", d.Address, diff)
	}
}

// edges writes the references of a document, shortly.
func edges(d *document.Document) []string {
	var out []string
	for _, r := range d.Refs {
		to, _ := strings.CutPrefix(r.To, "tf:plan.json#")
		out = append(out, r.Path.String()+" -> "+to+" "+r.Attribute+" "+r.Via)
	}
	return out
}

func wantEdges(t *testing.T, d *document.Document, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, edges(d)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", d.Address, diff)
	}
}

func at(t *testing.T, d *document.Document, path string) any {
	t.Helper()
	parsed, err := document.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	v, ok := document.At(d.Raw, parsed)
	if !ok {
		t.Fatalf("%s has no %s", d.Address, path)
	}
	return v
}

// plan wraps resource changes and configured resources into a plan.
func plan(changes, resources string) string {
	return `{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{},"resource_changes":[` + changes +
		`],"configuration":{"provider_config":{"aws":{"name":"aws","expressions":{"region":{"constant_value":"eu-west-1"}}}},"root_module":{"resources":[` +
		resources + `]}},"applyable":true,"complete":true,"errored":false}`
}

// change writes one resource change of the root module.
func change(kind, name, action, after, unknown, sensitive string) string {
	return `{"address":"` + kind + `.` + name + `","mode":"managed","type":"` + kind + `","name":"` + name +
		`","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["` + action + `"],"before":null,"after":` + after +
		`,"after_unknown":` + unknown + `,"before_sensitive":false,"after_sensitive":` + sensitive + `}}`
}

// configured writes one configured resource of the root module.
func configured(kind, name, expressions string) string {
	return `{"address":"` + kind + `.` + name + `","mode":"managed","type":"` + kind + `","name":"` + name +
		`","provider_config_key":"aws","expressions":` + expressions + `}`
}
