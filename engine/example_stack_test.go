package engine_test

import (
	"strings"
	"testing"

	"github.com/plimsoll-dev/plimsoll/engine"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/fixtures"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// family says which of the four inputs of the example stack a document is from.
func family(d *document.Document) string {
	format := d.Root().Format
	if strings.HasPrefix(format, "terraform") {
		return "terraform"
	}
	return format
}

// families counts the documents of the stack.
func families(r *finding.Result) map[string]int {
	out := map[string]int{}
	for _, d := range r.Documents {
		out[family(d)]++
	}
	return out
}

func wantFourFormats(t *testing.T, what string, got map[string]int) {
	t.Helper()
	for _, want := range []string{"kubernetes", "helm", "terraform", "cloudformation"} {
		if got[want] == 0 {
			t.Errorf("the stack has no %s of format %s, only %v", what, want, got)
		}
	}
}

func TestExampleStack_InsecureHasFailuresInAllFormatsAndAcrossThem(t *testing.T) {
	r := check(t, engine.Options{}, fixtures.Path(t, "stack", "insecure"))
	failures, joined := map[string]int{}, map[string]bool{}
	for _, f := range r.Findings {
		if f.Status != finding.Fail || f.Document == nil || f.Rule.Advisory {
			continue
		}
		here := family(f.Document)
		failures[here]++
		for _, related := range f.Related {
			if related.Document != nil && family(related.Document) != here {
				joined[here+" with "+family(related.Document)] = true
			}
		}
	}
	wantFourFormats(t, "failure", failures)
	if !joined["terraform with kubernetes"] && !joined["kubernetes with terraform"] {
		t.Errorf("no failure joins Terraform with Kubernetes, only %v", joined)
	}
}

func TestExampleStack_HardenedIsClean(t *testing.T) {
	r := check(t, engine.Options{}, fixtures.Path(t, "stack", "hardened"))
	for _, f := range r.Findings {
		t.Errorf("%s:%d: %s %s: %s", f.Range.File(), f.Range.Start.Line, f.Rule.ID, f.Status, f.Message)
	}
	for _, d := range r.Diagnostics {
		t.Errorf("%s:%d: %s", d.Range.File(), d.Range.Start.Line, d.Message)
	}
	if r.Files.Failed+r.Files.NotRecognised > 0 {
		t.Errorf("not every file was read: %+v", r.Files)
	}
	wantFourFormats(t, "document", families(r))
	judged := 0
	for _, n := range r.Judged {
		if n > 0 {
			judged++
		}
	}
	if judged < 100 {
		t.Errorf("only %d rules had something to judge", judged)
	}
}
