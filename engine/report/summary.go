package report

import "github.com/plimsoll-dev/plimsoll/engine/finding"

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
