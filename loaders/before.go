package loaders

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// keepBefore offers the documents as they were before the plans' changes. The
// canonical layer fills documents in place, so that those which nothing changes
// are copied before it does.
func (r *Result) keepBefore() {
	if r.before == nil {
		return
	}
	raw := make([]document.Document, len(r.Documents))
	for i, d := range r.Documents {
		raw[i] = *d
		raw[i].Refs = slices.Clip(d.Refs)
	}
	before := r.before
	r.Before = func() ([]*document.Document, []document.Diagnostic) {
		docs := make([]*document.Document, 0, len(raw))
		var problems []document.Diagnostic
		for i := range raw {
			d := raw[i]
			switch d.Action {
			case document.Create:
				continue
			case document.Update, document.Replace, document.Delete:
				was, err := before[d.Scope](&d)
				if err != nil {
					at, _ := d.Locate(nil)
					problems = append(problems, document.Diagnostic{Range: at, Level: document.Error, Message: err.Error()})
				}
				if was != nil {
					docs = append(docs, was)
				}
			default:
				docs = append(docs, &d)
			}
		}
		// What cannot be read of what was is none of the user's doing.
		docs, _ = finish(docs)
		return docs, problems
	}
}
