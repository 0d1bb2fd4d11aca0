package engine

import (
	"context"
	"slices"

	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// undecidedStack is why a verdict about several resources is not known when it
// hangs on one that may not be deployed.
const undecidedStack = "it depends on resources of which it is not decided yet whether they are deployed"

// worlds judges the stack. When some documents may turn out not to exist, it is
// judged with all of them and without any: what is wrong in one of the two only
// is unknown. Between the two extremes lies every real deployment, so that a
// rule for which a resource either helps or hurts is judged rightly.
func worlds(ctx context.Context, e *eval.Evaluator, docs []*document.Document, o link.Options) (eval.Outcome, error) {
	full, err := e.Stack(ctx, view(link.BuildWith(docs, o)))
	if err != nil || !slices.ContainsFunc(docs, conditional) {
		return full, err
	}
	bare, err := e.Stack(ctx, view(link.BuildWith(slices.DeleteFunc(slices.Clone(docs), conditional), o)))
	if err != nil {
		return full, err
	}
	return join(full, bare), nil
}

func conditional(d *document.Document) bool { return d.Conditional }

// join keeps the verdicts that are the same in both worlds. Findings about a
// conditional document are unknown already.
func join(full, bare eval.Outcome) eval.Outcome {
	out := eval.Outcome{Judged: full.Judged, Errors: full.Errors}
	for id, n := range bare.Judged {
		out.Judged[id] = max(out.Judged[id], n)
	}
	if len(out.Errors) == 0 {
		out.Errors = bare.Errors
	}
	inFull, inBare := problems(full.Findings), problems(bare.Findings)
	fails := problems(slices.DeleteFunc(slices.Clone(bare.Findings), func(f finding.Finding) bool { return f.Status != finding.Fail }))
	for _, f := range full.Findings {
		if f.Status == finding.Pass && inBare[subjectOf(f)] {
			continue // the other world has a finding about it
		}
		if f.Status == finding.Fail && !fails[keyOf(f)] {
			f.Status, f.Reason = finding.Unknown, undecidedStack
		}
		out.Findings = append(out.Findings, f)
	}
	for _, f := range bare.Findings {
		if f.Status == finding.Pass || inFull[keyOf(f)] {
			continue
		}
		if f.Status == finding.Fail {
			f.Status, f.Reason = finding.Unknown, undecidedStack
		}
		out.Findings = append(out.Findings, f)
	}
	return out
}

// problems indexes what is wrong, by finding and by subject.
func problems(found []finding.Finding) map[string]bool {
	out := make(map[string]bool, 2*len(found))
	for _, f := range found {
		if f.Status != finding.Pass {
			out[keyOf(f)], out[subjectOf(f)] = true, true
		}
	}
	return out
}

// keyOf leaves out the message, which may list what a world has.
func keyOf(f finding.Finding) string { return subjectOf(f) + "\x00" + f.Path.String() }

func subjectOf(f finding.Finding) string {
	if f.Document == nil {
		return f.Rule.ID
	}
	return f.Rule.ID + "\x00" + f.Document.ID
}
