package report

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // has the schema in it
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// schema returns the official SARIF 2.1.0 schema, which our SARIF library
// carries in its source as a constant.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatalf("find the SARIF schema: %v", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > len(text) {
			text = lit.Value
		}
		return true
	})
	if text, err = strconv.Unquote(text); err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%v", err)
	}
}

func TestSARIF_FollowsTheSchema(t *testing.T) {
	s := schema(t)
	if err := s.Validate(map[string]any{"version": "2.1.0"}); err == nil {
		t.Fatal("the schema accepts a log without runs")
	}
	full := fixed(t)
	full.Findings[3].Related = append(full.Findings[3].Related, full.Findings[3].Related...)
	validate(t, s, render(t, "sarif", full, Options{}))
	validate(t, s, render(t, "sarif", &finding.Result{}, Options{}))
	bare := &finding.Result{Findings: []finding.Finding{{Rule: &finding.Rule{ID: "X-1"}, Status: finding.Fail}}}
	validate(t, s, render(t, "sarif", bare, Options{}))
}

func TestSARIF_ResultsPointAtTheirRules(t *testing.T) {
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct{ ID string }
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Kind      string
				Level     string
			}
		}
	}
	if err := json.Unmarshal(render(t, "sarif", fixed(t), Options{}), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) != len(fixed(t).Findings) {
		t.Errorf("%d results", len(run.Results))
	}
	for _, r := range run.Results {
		if got := run.Tool.Driver.Rules[r.RuleIndex].ID; got != r.RuleID {
			t.Errorf("rule %s is at the index of %s", got, r.RuleID)
		}
		if r.Kind != "fail" && r.Level != "none" {
			t.Errorf("kind %s has level %s", r.Kind, r.Level)
		}
	}
}

// What consumers rely on beyond the schema: places that count from 1, a
// fingerprint on every result, a base for relative names, and no fields that say
// nothing.
func TestSARIF_HasTheShapeThatConsumersNeed(t *testing.T) {
	full := fixed(t)
	unread := &document.Source{Name: "unread.yaml"}
	full.Diagnostics = append(full.Diagnostics, document.Diagnostic{Range: document.Range{Source: unread}, Level: document.Error, Message: "permission denied"})
	text := render(t, "sarif", full, Options{})
	validate(t, schema(t), text)
	var log any
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	levels := map[string]bool{"none": true, "note": true, "warning": true, "error": true}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if region, ok := v["region"].(map[string]any); ok {
				for name, n := range region {
					if number, _ := n.(float64); number < 1 {
						t.Errorf("%s: %s is %v", at, name, n)
					}
				}
			}
			if level, ok := v["level"].(string); ok && !levels[level] {
				t.Errorf("%s: level %q", at, level)
			}
			if _, ok := v["ruleId"]; ok {
				if prints, _ := v["partialFingerprints"].(map[string]any); len(prints) == 0 {
					t.Errorf("%s has no fingerprint", at)
				}
			}
			for k, e := range v {
				walk(at+"."+k, e)
			}
		case []any:
			if len(v) == 0 {
				t.Errorf("%s is empty", at)
			}
			for i, e := range v {
				walk(at+"["+strconv.Itoa(i)+"]", e)
			}
		case float64:
			if v < 0 {
				t.Errorf("%s is %v", at, v)
			}
		case string:
			if v == "" {
				t.Errorf("%s is empty", at)
			}
		}
	}
	walk("", log)
	if !strings.Contains(string(text), `"originalUriBaseIds": {
        "%SRCROOT%"`) {
		t.Error("the base of relative names is not declared")
	}
}

func TestArtifact_IsAURIReference(t *testing.T) {
	for file, want := range map[string]string{
		"deploy/web.yaml":   "deploy/web.yaml",
		"a b/größe.yaml":    "a%20b/gr%C3%B6%C3%9Fe.yaml",
		"../up.yaml":        "../up.yaml",
		"c:d.yaml":          "./c:d.yaml",
		"/abs/50%.yaml":     "file:///abs/50%25.yaml",
		"-":                 "stdin",
		"what?#is this.yml": "what%3F%23is%20this.yml",
	} {
		a := artifact(file)
		if a.URI != want {
			t.Errorf("artifact(%q) = %q, want %q", file, a.URI, want)
		}
		if relative := a.URIBaseID != ""; relative != (file[0] != '/' && file != "-") {
			t.Errorf("artifact(%q): base %t", file, relative)
		}
	}
}

func TestUTF16Columns_CountCodeUnitsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("aé日🚀\n\t"))).Draw(t, "text")
		src := &document.Source{Name: "x", Content: []byte(text)}
		columns := utf16Columns{}
		for range 5 {
			n := rapid.IntRange(0, len([]rune(text))).Draw(t, "place")
			before := string([]rune(text)[:n])
			line := before[strings.LastIndexByte(before, '\n')+1:]
			want := len(utf16.Encode([]rune(line))) + 1
			if got := columns.column(src, src.Position(len(before))); got != want {
				t.Fatalf("column after %q is %d, want %d", line, got, want)
			}
		}
	})
}
