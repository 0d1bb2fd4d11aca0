package engine

import (
	"slices"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
)

// trace adds to what is wrong the places that had a part in it, such as the
// value of a Helm chart. Only failures ask: an answer may cost a rendering.
func trace(found []finding.Finding) {
	for i := range found {
		f := &found[i]
		if f.Status != finding.Fail || f.Document == nil {
			continue
		}
		for _, t := range f.Document.Trace(f.Path) {
			f.Related = append(f.Related, finding.Related{Document: f.Document, Range: t.Range, Message: t.Message})
		}
	}
}

// withoutRepeats drops what was found in a further rendering of a chart
// (Metadata "helm:values") or through a packaged template ("cfn:packaged") and
// says what is known already: the same rule, place and words.
func withoutRepeats(found []finding.Finding) []finding.Finding {
	type key struct {
		rule, message, address string
		status                 finding.Status
		file                   string
		start, end             int
	}
	of := func(f *finding.Finding) key {
		at := f.Range.Outermost()
		return key{f.Rule.ID, f.Message, f.Document.Address, f.Status, at.File(), at.Start.Offset, at.End.Offset}
	}
	further := func(f *finding.Finding) bool {
		return f.Document != nil && (f.Document.Metadata["helm:values"] != "" || f.Document.Metadata["cfn:packaged"] != "")
	}
	if !slices.ContainsFunc(found, func(f finding.Finding) bool { return further(&f) }) {
		return found
	}
	met := map[key]bool{}
	for i := range found {
		if f := &found[i]; f.Document != nil && !further(f) {
			met[of(f)] = true
		}
	}
	return slices.DeleteFunc(found, func(f finding.Finding) bool {
		if !further(&f) {
			return false
		}
		k := of(&f)
		again := met[k]
		met[k] = true
		return again
	})
}
