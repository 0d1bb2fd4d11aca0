package canon

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

type object = map[string]any

// parseRaw reads JSON or YAML as loaders do: JSON kinds, int64 for whole numbers.
func parseRaw(t testing.TB, text string) object {
	t.Helper()
	v, ok := parseText(text)
	if !ok {
		t.Fatalf("bad raw document:\n%s", text)
	}
	m, ok := v.(object)
	if !ok {
		t.Fatalf("not an object:\n%s", text)
	}
	return m
}

// newDoc makes a raw document of a kind.
func newDoc(t testing.TB, kind, text string) *document.Document {
	t.Helper()
	return &document.Document{
		ID: "f#" + kind + "/x", Kind: kind, Name: "x", Address: kind + ".x", Scope: "s", Action: document.Present,
		Raw: parseRaw(t, text), Tokens: []string{"tok:" + kind},
	}
}

// unknownStates marks raw paths as unknown after apply.
func unknownStates(paths ...string) document.States {
	out := document.States{}
	for _, p := range paths {
		out[p] = document.State{Kind: document.Unknown, Reason: document.AfterApply, Refs: []string{"tok:other"}}
	}
	return out
}

// done completes one document and returns it.
func done(t testing.TB, kind, text string, unknown ...string) *document.Document {
	t.Helper()
	d := newDoc(t, kind, text)
	if unknown != nil {
		d.RawStates = unknownStates(unknown...)
	}
	Complete([]*document.Document{d})
	return d
}

// sameJSON compares a value with the JSON it should be.
func sameJSON(t *testing.T, what string, got any, want string) {
	t.Helper()
	wanted, ok := decodeJSON(want)
	if !ok {
		t.Fatalf("bad want: %s", want)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// attr reads a path of the canonical attributes, indices included.
func attr(t testing.TB, d *document.Document, path string) any {
	t.Helper()
	p, err := document.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := document.At(d.Attr, p)
	return v
}

// find returns the document with an ID.
func find(t testing.TB, docs []*document.Document, id string) *document.Document {
	t.Helper()
	for _, d := range docs {
		if d.ID == id {
			return d
		}
	}
	ids := make([]string, 0, len(docs))
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	t.Fatalf("no document %q among %q", id, ids)
	return nil
}

func writtenAt(d *document.Document, path string) string {
	p, ok := d.Written[path]
	if !ok {
		return "(none)"
	}
	return p.String()
}

func dump(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}
