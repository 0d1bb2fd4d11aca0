package cfn_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/cfn"
)

// A written document is a Document as its golden file shows it, with the place
// of every value.
type written struct {
	ID          string            `json:"id"`
	Kind        string            `json:"kind"`
	Scope       string            `json:"scope"`
	Conditional bool              `json:"conditional,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Tokens      []string          `json:"tokens"`
	Raw         map[string]any    `json:"raw"`
	Unknown     map[string]string `json:"unknown,omitempty"`
	Refs        []string          `json:"refs,omitempty"`
	Sensitive   []string          `json:"sensitive,omitempty"`
	Places      map[string]string `json:"places"`
}

func write(d *document.Document) written {
	w := written{
		ID: d.ID, Kind: d.Kind, Scope: d.Scope, Conditional: d.Conditional, Metadata: d.Metadata, Tokens: d.Tokens, Raw: d.Raw,
		Unknown: map[string]string{}, Places: map[string]string{"": place(d, nil)},
	}
	for path, s := range d.RawStates {
		w.Unknown[path] = fmt.Sprint(s.Kind, " ", s.Reason, " ", s.Refs, " ", s.Template)
		if p, err := document.ParsePath(path); err == nil {
			w.Places[path] = place(d, p)
		}
	}
	for _, r := range d.Refs {
		w.Refs = append(w.Refs, fmt.Sprint(r.Path, " -> ", r.To, " ", r.Attribute))
	}
	for _, p := range d.Sensitive {
		w.Sensitive = append(w.Sensitive, p.String())
	}
	leaves(d.Raw, nil, func(path document.Path, _ any) { w.Places[path.String()] = place(d, path) })
	return w
}

func place(d *document.Document, path document.Path) string {
	at, exact := d.Locate(path)
	out := fmt.Sprintf("%d:%d-%d:%d", at.Start.Line, at.Start.Column, at.End.Line, at.End.Column)
	if !exact {
		out += " nearby"
	}
	return out
}

func TestLoad_Fixtures(t *testing.T) {
	t.Parallel()
	cases, err := os.ReadDir(fixtures.Path(t, "load", "cloudformation"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			dir := fixtures.Path(t, "load", "cloudformation", c.Name())
			fixtures.Golden(t, filepath.Join("testdata", "golden", c.Name()+".json"), golden(t, dir))
		})
	}
}

func golden(t *testing.T, dir string) []byte {
	t.Helper()
	for _, name := range []string{"template.yaml", "template.json", "main.yaml"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		r := cfn.Load(&document.Source{Name: name, Content: content}, cfn.Options{
			ReadFile: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))) },
		})
		out := struct {
			Documents   []written `json:"documents"`
			Claimed     []string  `json:"claimed,omitempty"`
			Diagnostics []string  `json:"diagnostics,omitempty"`
		}{Claimed: r.Claimed}
		for _, d := range r.Documents {
			out.Documents = append(out.Documents, write(d))
		}
		for _, d := range r.Diagnostics {
			out.Diagnostics = append(out.Diagnostics, show(d))
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(out); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	t.Fatalf("%s holds no template", dir)
	return nil
}

// A template of n resources, each of which refers to the next.
func ring(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`Parameters:
  Open: {Type: String}
  Cidrs: {Type: CommaDelimitedList, Default: "10.0.0.0/8,0.0.0.0/0"}
Mappings:
  M:
`)
	for i := range 30 {
		b.WriteString("    r" + strconv.Itoa(i) + ": {a: x" + strconv.Itoa(i) + ", b: same}\n")
	}
	b.WriteString("Conditions:\n  C0: !Equals [!Ref Open, prod]\n")
	for i := range 40 {
		fmt.Fprintf(&b, "  C%d: !And [!Condition C%d, !Condition C%d]\n", i+1, i, i)
	}
	b.WriteString("Resources:\n")
	for i := range n {
		fmt.Fprintf(&b, `  Role%d:
    Type: AWS::IAM::Role
    Condition: C40
    Properties:
      RoleName: !Sub "r${Role%d}"
      Description: !FindInMap [M, !Ref "AWS::Region", b]
      Effect: !If [C40, Allow, !If [C39, Deny, None]]
      Resource: !Sub "${Role%d.Arn}/x/${AWS::Partition}"
      SourceIp: !Ref Cidrs
`, i, i+1, i+1)
	}
	fmt.Fprintf(&b, "  Role%d: {Type: 'AWS::IAM::Role', Properties: {RoleName: end}}\n", n)
	return b.Bytes()
}

// Memory is counted, not time: twice as much template may take twice as much.
func TestLoad_CostGrowsWithTheTemplate(t *testing.T) {
	cost := func(n int) float64 {
		content := ring(n)
		return testing.AllocsPerRun(2, func() {
			if r := cfn.Load(&document.Source{Name: "t", Content: content}, cfn.Options{}); len(r.Documents) != n+1 || len(r.Diagnostics) != 0 {
				t.Fatalf("%d documents, %v", len(r.Documents), r.Diagnostics)
			}
		})
	}
	small, large := cost(60), cost(240)
	if large > 5*small {
		t.Errorf("%.0f allocations for 60 resources, %.0f for 240", small, large)
	}
}

func BenchmarkLoad(b *testing.B) {
	content := ring(300)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		cfn.Load(&document.Source{Name: "t", Content: content}, cfn.Options{})
	}
}
