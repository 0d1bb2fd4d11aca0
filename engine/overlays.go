package engine

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
)

// judgedOnce drops what was found about the same line of a base in a further
// overlay of it: the same rule, place and words. A base that several
// kustomizations use is judged in each of them, but where none of them changes
// the verdict there is one line to mend.
func judgedOnce(found []finding.Finding) []finding.Finding {
	type key struct {
		rule, message, file string
		status              finding.Status
		start, end          int
	}
	root := func(f *finding.Finding) string {
		if f.Document == nil || f.Status == finding.Pass {
			return ""
		}
		return f.Document.Root().Metadata["kustomize:root"]
	}
	first := map[key]string{} // the overlay that tells
	return slices.DeleteFunc(found, func(f finding.Finding) bool {
		overlay := root(&f)
		if overlay == "" || f.Range.IsZero() {
			return false
		}
		k := key{f.Rule.ID, f.Message, f.Range.File(), f.Status, f.Range.Start.Offset, f.Range.End.Offset}
		teller, met := first[k]
		if !met {
			first[k] = overlay
		}
		return met && teller != overlay
	})
}
