package report

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// oneLine is a result about a plan that is one line of about 10 MB, with
// secrets and characters outside ASCII in it.
func oneLine(resources int) *finding.Result {
	var b strings.Builder
	type place struct{ start, end int }
	var secrets, values []place
	for i := range resources {
		fmt.Fprintf(&b, `{"address":"größe_%d","pad":"%s","password":`, i, strings.Repeat("x", 900))
		start := b.Len()
		fmt.Fprintf(&b, `"secret-number-%d"`, i)
		secrets = append(secrets, place{start, b.Len()})
		b.WriteString(`,"open":`)
		start = b.Len()
		b.WriteString("true")
		values = append(values, place{start, b.Len()})
		b.WriteString("},")
	}
	src := &document.Source{Name: "plan.json", Content: []byte(b.String())}
	rule := &finding.Rule{ID: "PLM-X-001", Title: "It is open", Severity: finding.High}
	r := &finding.Result{Rules: []*finding.Rule{rule}}
	for i := range resources {
		d := &document.Document{
			ID: fmt.Sprint(i), Format: "terraform-plan", Address: fmt.Sprint(i), Sensitive: []document.Path{{"password"}},
			Raw: map[string]any{"password": fmt.Sprintf("secret-number-%d", i)},
		}
		d.SetLocator(places{value: map[string]document.Range{
			"password": src.Range(secrets[i].start, secrets[i].end), "open": src.Range(values[i].start, values[i].end),
		}, whole: src.Range(0, len(src.Content))})
		r.Documents = append(r.Documents, d)
		f := finding.Finding{Rule: rule, Severity: rule.Severity, Status: finding.Fail, Document: d, Path: document.Path{"open"}, Message: "it is open"}
		f.Path, f.Range, f.Exact = d.Place(f.Path)
		r.Findings = append(r.Findings, f)
	}
	return r
}

func BenchmarkWrite_PlanOnOneLine(b *testing.B) {
	r := oneLine(10_000)
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(io.Discard, format, r, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
