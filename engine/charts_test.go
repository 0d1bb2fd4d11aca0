package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/policies"
)

// fieldsPerChart bounds how many fields of one chart are changed.
const fieldsPerChart = 6

// The place in a template that a finding names must be the one that wrote the
// value: when that place says something else, the finding goes.
func TestCharts_FindingGoesWhenTheReportedPlaceChanges(t *testing.T) {
	root := os.Getenv("PLIMSOLL_CHARTS")
	if root == "" {
		t.Skip("PLIMSOLL_CHARTS is not set: no real charts to change")
	}
	e, err := engine.New(context.Background(), engine.Options{Bundled: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(root, "*", "Chart.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	charts, fields := 0, 0
	for _, f := range folders {
		t.Run(filepath.Base(filepath.Dir(f)), func(t *testing.T) {
			if n := changeFields(t, e, filepath.Dir(f)); n > 0 {
				charts, fields = charts+1, fields+n
			}
		})
	}
	t.Logf("%d fields of %d charts changed", fields, charts)
	if charts < 8 || fields < 30 {
		t.Errorf("%d fields of %d charts are too few", fields, charts)
	}
}

// The same for a chart of the fixtures, which needs nothing from elsewhere.
func TestCharts_FindingInOwnChartGoesWhenTheReportedPlaceChanges(t *testing.T) {
	e, err := engine.New(context.Background(), engine.Options{Bundled: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	if n := changeFields(t, e, fixtures.Path(t, "load", "helm-chart", "shop", "web")); n < fieldsPerChart {
		t.Errorf("only %d fields were changed", n)
	}
}

// changeFields changes what findings point at, one after the other.
func changeFields(t *testing.T, e *engine.Engine, chart string) int {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "chart")
	if err := os.CopyFS(dir, os.DirFS(chart)); err != nil {
		t.Fatal(err)
	}
	// One rendering is enough, and another may write the same value elsewhere.
	if err := os.RemoveAll(filepath.Join(dir, "ci")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	run := func() *finding.Result {
		loaded, err := loaders.Load(context.Background(), []string{"."}, strings.NewReader(""), loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Check(context.Background(), loaded)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	done := 0
	seen := map[string]bool{}
	for _, f := range run().Findings {
		place := f.Range.File() + ":" + f.Range.Text() + f.Rule.ID
		if f.Status != finding.Fail || !f.Exact || f.Document.Metadata["helm:chart"] == "" || seen[place] || done == fieldsPerChart {
			continue
		}
		value, ok := document.At(f.Document.Root().Raw, f.Path)
		changed, can := changed(f.Range, value)
		if !ok || !can {
			continue
		}
		seen[place] = true
		done++
		before := string(f.Range.Source.Content)
		after := before[:f.Range.Start.Offset] + changed + before[f.Range.End.Offset:]
		write(t, f.Range.File(), after)
		for _, g := range run().Findings {
			if g.Status == finding.Fail && g.Rule.ID == f.Rule.ID && g.Document.ID == f.Document.ID &&
				g.Path.String() == f.Path.String() && g.Message == f.Message {
				t.Errorf("%s:%d: %q was made %q, and still: %s (%s)", f.Range.File(), f.Range.Start.Line, f.Range.Text(), changed, f.Message, f.Path)
			}
		}
		write(t, f.Range.File(), before)
	}
	return done
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// changed is another text for a place; false if it holds no scalar.
func changed(r document.Range, value any) (string, bool) {
	line := r.Source.Line(r.Start.Line)
	alone := strings.TrimSpace(line[:r.Start.Column-1]) == ""
	switch value.(type) {
	case map[string]any, []any, nil:
		return "", false
	case int64:
		if !strings.Contains(r.Text(), "{{") {
			return "12345", true
		}
	}
	if strings.Contains(r.Text(), "{{") && alone {
		return "", true // the action writes whole lines
	}
	if v, isBool := value.(bool); isBool {
		return strconv.FormatBool(!v), true
	}
	return "plimsoll-changed", true
}
