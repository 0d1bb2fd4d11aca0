package loaders_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// golden is a load in the form that want.json keeps.
type golden struct {
	Documents     []goldenDocument `json:"documents"`
	Diagnostics   []string         `json:"diagnostics,omitempty"`
	PassedOver    []string         `json:"passed_over,omitempty"`
	Read          int              `json:"read"`
	NotRecognized int              `json:"not_recognized,omitempty"`
	Failed        int              `json:"failed,omitempty"`
}

type goldenDocument struct {
	ID          string            `json:"id"`
	Format      string            `json:"format"`
	Kind        string            `json:"kind"`
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace,omitempty"`
	Address     string            `json:"address"`
	Scope       string            `json:"scope,omitempty"`
	Action      document.Action   `json:"action"`
	Conditional bool              `json:"conditional,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Tokens      []string          `json:"tokens,omitempty"`
	Refs        []string          `json:"refs,omitempty"`
	Sensitive   []string          `json:"sensitive,omitempty"`
	States      map[string]string `json:"states,omitempty"`
	Raw         map[string]any    `json:"raw"`
	Ranges      map[string]string `json:"ranges"`
}

// load reads from a folder as the working directory, so that names in results
// are the same on every machine.
func load(t testing.TB, dir string, opts loaders.Options, paths ...string) loaders.Result {
	t.Helper()
	chdir(t, dir)
	r, err := loaders.Load(context.Background(), paths, strings.NewReader(""), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func chdir(t testing.TB, dir string) {
	t.Helper()
	if c, ok := t.(interface{ Chdir(dir string) }); ok {
		c.Chdir(dir)
	}
}

// place writes a range down.
func place(r document.Range) string {
	return fmt.Sprintf("%s:%d:%d-%d:%d", r.File(), r.Start.Line, r.Start.Column, r.End.Line, r.End.Column)
}

// leaves calls f with every path of a value, parents first.
func leaves(v any, at document.Path, f func(document.Path, any)) {
	f(at, v)
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			leaves(v[k], at.Append(k), f)
		}
	case []any:
		for i, e := range v {
			leaves(e, at.Append(i), f)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// render leaves out what later stages add: lifted and derived documents, and
// canonical attributes.
func render(r loaders.Result) golden {
	out := golden{Documents: []goldenDocument{}, Read: r.Read, NotRecognized: r.NotRecognised, Failed: r.Failed}
	for _, d := range r.Documents {
		if d.Parent == nil {
			out.Documents = append(out.Documents, renderDocument(d))
		}
	}
	for _, d := range r.Diagnostics {
		out.Diagnostics = append(out.Diagnostics, fmt.Sprintf("%s: %s: %s", place(d.Range), d.Level, d.Message))
	}
	for _, p := range r.PassedOver {
		out.PassedOver = append(out.PassedOver, p.File+": "+p.Reason)
	}
	return out
}

func renderDocument(d *document.Document) goldenDocument {
	g := goldenDocument{
		ID: d.ID, Format: d.Format, Kind: d.Kind, Name: d.Name, Namespace: d.Namespace, Address: d.Address,
		Scope: d.Scope, Action: d.Action, Conditional: d.Conditional, Metadata: d.Metadata, Tokens: d.Tokens,
		Raw: d.Raw, Ranges: map[string]string{}, States: map[string]string{},
	}
	for _, r := range d.Refs {
		g.Refs = append(g.Refs, fmt.Sprintf("%s -> %s %s (%s)", r.Path, r.To, r.Attribute, r.Via))
	}
	for _, p := range d.Sensitive {
		g.Sensitive = append(g.Sensitive, p.String())
	}
	for p, s := range d.RawStates {
		g.States[p] = strings.TrimSpace(strings.Join([]string{string(s.Kind), s.Reason, s.Template, strings.Join(s.Refs, " ")}, " "))
	}
	leaves(d.Raw, nil, func(p document.Path, _ any) {
		r, exact := d.Locate(p)
		where := place(r)
		if k, _ := d.LocateKey(p); k != r {
			where = place(k) + " = " + where
		}
		if !exact {
			where = "near " + where
		}
		g.Ranges[p.String()] = where
	})
	return g
}

func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
