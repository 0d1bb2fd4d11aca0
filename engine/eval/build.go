package eval

import (
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/policy"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// build turns an answer about d into a finding with its place in the file.
func build(r *policy.Rule, d *document.Document, a answer) finding.Finding {
	f := finding.Finding{Rule: r.Rule, Severity: r.Severity, Status: finding.Fail, Document: d, Message: a.message}
	f.Path, f.Range, f.Exact = d.Place(a.path)
	if a.severity != 0 {
		f.Severity = a.severity
	}
	switch {
	case a.exempt != "":
		f.Status, f.Reason = finding.Suppressed, a.exempt
	case a.unknown != "":
		f.Status, f.Reason = finding.Unknown, a.unknown
	}
	for i, o := range d.Root().Origin {
		message := "called from here"
		if i == 0 {
			message = "declared here"
		}
		f.Related = append(f.Related, finding.Related{Document: d, Range: o, Message: message})
	}
	return f
}

// passed is the finding for a subject with nothing wrong.
func passed(r *policy.Rule, d *document.Document) finding.Finding {
	f := build(r, d, answer{message: subject(d) + " passes"})
	f.Status = finding.Pass
	return f
}
