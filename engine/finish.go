package engine

import (
	"maps"
	"slices"

	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// finish drops what a stronger finding about the same cause implies, and sets
// aside what is about the plumbing of a framework.
func (e *Engine) finish(found []finding.Finding) []finding.Finding {
	for i := range found {
		if f := &found[i]; madeByFramework(f) && (f.Status == finding.Fail || f.Status == finding.Unknown) {
			f.Status, f.Reason = finding.Suppressed, "the CDK makes it for its own constructs, and nobody can change it"
		}
	}
	stronger := map[string][]finding.Finding{}
	for _, f := range found {
		if f.Status == finding.Fail && f.Document != nil {
			for _, weaker := range f.Rule.Supersedes {
				key := weaker + "\x00" + f.Document.ID
				stronger[key] = append(stronger[key], f)
			}
		}
	}
	return slices.DeleteFunc(found, func(f finding.Finding) bool {
		if f.Document == nil || f.Status == finding.Pass {
			return false
		}
		return slices.ContainsFunc(stronger[f.Rule.ID+"\x00"+f.Document.ID], func(s finding.Finding) bool {
			return e.options.hides(s.Rule, f.Rule) && (f.Path.HasPrefix(element(s.Path)) || s.Path.HasPrefix(element(f.Path)))
		})
	})
}

// madeByFramework reports whether a finding is about what the CDK adds to a
// stack to make its constructs work.
func madeByFramework(f *finding.Finding) bool {
	return f.Document != nil && f.Document.Root().Metadata["origin"] == "cdk_framework"
}

// element is the innermost list element a path goes through: what a finding is
// about when the document has several alike (one container of a pod).
func element(p document.Path) document.Path {
	for i, v := range slices.Backward(p) {
		if _, isIndex := v.(int); isIndex {
			return p[:i+1]
		}
	}
	return nil
}

// fingerprint numbers the findings that agree in all a fingerprint is made of,
// in their sorted order.
func fingerprint(found []finding.Finding) {
	seen := map[string]int{}
	for i := range found {
		first := found[i].Print(0)
		found[i].Fingerprint = found[i].Print(seen[first])
		seen[first]++
	}
}

// view gives the evaluator what the links say, with the documents by ID.
func view(s *link.Stack) eval.Stack {
	docs := make([]*document.Document, 0, len(s.Documents))
	for _, id := range slices.Sorted(maps.Keys(s.Documents)) {
		docs = append(docs, s.Documents[id])
	}
	return eval.Stack{Documents: docs, Index: s.Index()}
}
