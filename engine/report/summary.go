package report

import (
	"fmt"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/redact"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// A tally counts a result's findings.
type tally struct {
	status   map[finding.Status]int
	severity map[finding.Severity]int // failures that are no gaps
	gaps     int                      // failures of advisory rules
	judged   int                      // rules that had something to judge
}

func count(r *finding.Result) tally {
	t := tally{status: map[finding.Status]int{}, severity: map[finding.Severity]int{}}
	for i := range r.Findings {
		f := &r.Findings[i]
		if isGap(f) {
			t.gaps++
			continue
		}
		t.status[f.Status]++
		if f.Status == finding.Fail {
			t.severity[f.Severity]++
		}
	}
	for _, rule := range r.Rules {
		if r.Judged[rule.ID] > 0 {
			t.judged++
		}
	}
	return t
}

// isGap reports whether a finding only says that something is absent, which
// does not fail a run. Where evidence is required the engine has turned gap
// rules into ordinary ones.
func isGap(f *finding.Finding) bool { return f.Rule.Advisory && f.Status == finding.Fail }

// falling are the severities, worst first.
func falling() []finding.Severity {
	return []finding.Severity{finding.Critical, finding.High, finding.Medium, finding.Low, finding.Info}
}

// RuleErrors says which rules broke, on what and how; a rule that breaks on many
// documents in the same way is told about once.
func RuleErrors(m *redact.Masker, r *finding.Result) []string {
	type key struct{ rule, message string }
	first := make([]finding.RuleError, 0, len(r.RuleErrors))
	times := map[key]int{}
	for _, e := range r.RuleErrors {
		k := key{e.Rule, e.Message}
		if times[k]++; times[k] == 1 {
			first = append(first, e)
		}
	}
	out := make([]string, 0, len(first))
	for _, e := range first {
		if n := times[key{e.Rule, e.Message}]; n > 1 {
			e.Document += fmt.Sprintf(" and %d more", n-1)
		}
		out = append(out, ruleErrorText(m, e))
	}
	return out
}

// ruleErrorText says which rule broke, on what and how.
func ruleErrorText(m *redact.Masker, e finding.RuleError) string {
	text := "rule " + e.Rule + " broke"
	if e.Document != "" {
		text += " on " + m.Name(e.Document)
	}
	return text + ": " + m.Note(document.Range{}, e.Message)
}
