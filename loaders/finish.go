package loaders

import (
	"github.com/plimsoll-dev/plimsoll/loaders/document"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/canon"
	"github.com/plimsoll-dev/plimsoll/loaders/internal/lift"
)

// finish makes of raw documents those that are judged: what lies inside them
// is brought out, then all of them get their canonical attributes.
func finish(docs []*document.Document) ([]*document.Document, []document.Diagnostic) {
	docs, diags := lift.Documents(docs)
	diags = append(diags, canon.Misshapen(docs)...)
	return canon.Complete(docs), diags
}
