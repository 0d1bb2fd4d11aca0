package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

func TestJudgedOnce_KeepsOneFindingForAPlaceInASharedBase(t *testing.T) {
	// Every overlay reads its own copy of the base's text.
	at := func(line int) document.Range {
		src := &document.Source{Name: "base/web.yaml", Content: []byte("a\nb\nc\n")}
		return src.Range(src.Offset(line, 1), src.Offset(line, 2))
	}
	in := func(root string) *document.Document {
		return &document.Document{ID: root, Metadata: map[string]string{"kustomize:root": root}}
	}
	rule := &finding.Rule{ID: "PLM-X-001"}
	f := func(d *document.Document, line int, message string, status finding.Status) finding.Finding {
		return finding.Finding{Rule: rule, Document: d, Range: at(line), Message: message, Status: status}
	}
	prod, test, plain := in("prod"), in("test"), &document.Document{ID: "plain"}
	got := engine.JudgedOnce([]finding.Finding{
		f(prod, 1, "privileged", finding.Fail),
		f(test, 1, "privileged", finding.Fail),    // the same line to mend
		f(prod, 1, "privileged", finding.Fail),    // twice in one overlay: two containers
		f(test, 2, "privileged", finding.Fail),    // another line
		f(test, 1, "runs as root", finding.Fail),  // other words
		f(test, 1, "privileged", finding.Unknown), // another verdict
		f(test, 1, "privileged", finding.Pass),
		f(plain, 1, "privileged", finding.Fail),
		{Rule: rule, Message: "no subject", Status: finding.Fail},
	})
	var kept []string
	for _, g := range got {
		id := ""
		if g.Document != nil {
			id = g.Document.ID
		}
		kept = append(kept, id+" "+g.Message+" "+string(g.Status))
	}
	want := []string{
		"prod privileged fail", "prod privileged fail", "test privileged fail", "test runs as root fail",
		"test privileged unknown", "test privileged pass", "plain privileged fail", " no subject fail",
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
