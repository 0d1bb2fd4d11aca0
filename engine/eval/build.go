package eval

import (
	"strings"

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
	case d.Conditional:
		// Where it is not deployed, nothing is wrong.
		f.Status, f.Reason = finding.Unknown, existence(d)
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

// existence says in one clause why it is not known whether d will be there.
func existence(d *document.Document) string {
	if name := d.Metadata["cfn:condition"]; name != "" {
		return "whether it is deployed depends on condition " + name + ", which is not decided yet"
	}
	if reason := d.Metadata["terraform:deferred"]; reason != "" {
		return "the plan leaves open whether it is deployed (" + strings.ReplaceAll(reason, "_", " ") + ")"
	}
	return "whether it is deployed is " + reasons[document.UndecidedCondition]
}

// passed is the finding for a subject with nothing wrong.
func passed(r *policy.Rule, d *document.Document) finding.Finding {
	f := build(r, d, answer{message: subject(d) + " passes"})
	f.Status = finding.Pass
	return f
}
