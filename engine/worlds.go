package engine

import (
	"context"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/eval"
	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/engine/link"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// undecidedStack is why a verdict about several resources is not known when it
// hangs on one that may not be deployed.
const undecidedStack = "it depends on resources of which it is not decided yet whether they are deployed"

// maxWorlds bounds how often the stack is judged, and maxJudged how many
// documents all worlds together may have beyond the two that there are always.
const maxWorlds, maxJudged = 16, 40_000

// A world is one way the input may be deployed: the documents that exist in it.
type world struct {
	documents []*document.Document
	outcome   eval.Outcome
	problems  map[string]bool
	failures  map[string]bool
}

// worlds judges the stack. When some documents may turn out not to exist, it is
// judged in every way they can exist together: a verdict that differs between
// two of them is unknown. Documents of which it is not known what they hang on
// are all there or all missing; between these two extremes lies every real
// deployment, so that a rule for which a resource either helps or hurts is
// judged rightly.
func worlds(ctx context.Context, e *eval.Evaluator, docs []*document.Document, o link.Options) (eval.Outcome, error) {
	all := split(docs)
	for i := range all {
		w := &all[i]
		var err error
		if w.outcome, err = e.Stack(ctx, view(link.BuildWith(w.documents, o))); err != nil || len(all) == 1 {
			return w.outcome, err
		}
		w.problems, w.failures = index(w.outcome.Findings)
	}
	return join(all), nil
}

// split returns the worlds.
func split(docs []*document.Document) []world {
	var open []*document.Document
	for _, d := range docs {
		if d.Conditional {
			open = append(open, d)
		}
	}
	if len(open) == 0 {
		return []world{{documents: docs}}
	}
	presence := presenceOf
	sources := deployments(open, presence)
	most := max(min(maxWorlds, maxJudged/len(docs)), 2)
	if count(sources) > most {
		for i := range sources {
			sources[i].keepExtremes(open, presence)
		}
	}
	if count(sources) > most { // as if nothing were known of what excludes what
		presence = func(*document.Document) *document.Presence { return independent }
		sources = deployments(open, presence)
	}
	out := make([]world, count(sources))
	for n := range out {
		at, rest := map[string]int{}, n
		for _, s := range sources {
			at[s.name] = s.ways[rest%len(s.ways)]
			rest /= len(s.ways)
		}
		out[n].documents = slices.DeleteFunc(slices.Clone(docs), func(d *document.Document) bool {
			if !d.Conditional {
				return false
			}
			p := presence(d)
			return !p.In[at[p.Source]]
		})
	}
	return out
}

// independent is the presence of documents of which none is known: all are
// there, or none is.
var independent = &document.Presence{In: []bool{true, false}} //nolint:gochecknoglobals // a constant

// presenceOf is that of a conditional document, or of what it was made from.
func presenceOf(d *document.Document) *document.Presence {
	for ; d != nil; d = d.Parent {
		if d.Presence != nil {
			return d.Presence
		}
	}
	return independent
}

// A source is a template with the ways it may be deployed, as positions in the
// Presence of its documents.
type source struct {
	name string
	ways []int
}

// deployments returns the sources of conditional documents, sorted by name.
func deployments(open []*document.Document, presence func(*document.Document) *document.Presence) []source {
	var out []source
	for _, d := range open {
		p := presence(d)
		if slices.ContainsFunc(out, func(s source) bool { return s.name == p.Source }) {
			continue
		}
		s := source{name: p.Source}
		for way := range p.In {
			s.ways = append(s.ways, way)
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b source) int { return strings.Compare(a.name, b.name) })
	return out
}

// count is how many worlds there are, at most one more than maxWorlds.
func count(sources []source) int {
	n := 1
	for _, s := range sources {
		n = min(n*len(s.ways), maxWorlds+1)
	}
	return n
}

// keepExtremes drops the ways with fewer documents than one that stays and more
// than another one.
func (s *source) keepExtremes(open []*document.Document, presence func(*document.Document) *document.Presence) {
	var columns [][]bool
	for _, d := range open {
		if p := presence(d); p.Source == s.name {
			columns = append(columns, p.In)
		}
	}
	within := func(a, b int) bool { // what exists in a exists in b
		return !slices.ContainsFunc(columns, func(in []bool) bool { return in[a] && !in[b] })
	}
	all := s.ways
	s.ways = slices.DeleteFunc(slices.Clone(all), func(way int) bool {
		smaller := slices.ContainsFunc(all, func(o int) bool { return o != way && within(o, way) })
		larger := slices.ContainsFunc(all, func(o int) bool { return o != way && within(way, o) })
		return smaller && larger
	})
}

// index lists what is wrong and what fails, by finding and by subject.
func index(found []finding.Finding) (problems, failures map[string]bool) {
	problems, failures = make(map[string]bool, 2*len(found)), map[string]bool{}
	for _, f := range found {
		if f.Status != finding.Pass {
			problems[keyOf(f)], problems[subjectOf(f)] = true, true
		}
		if f.Status == finding.Fail {
			failures[keyOf(f)] = true
		}
	}
	return problems, failures
}

// join keeps the verdicts that are the same in all worlds in which what they
// are about exists. Findings about a conditional document are unknown already.
func join(all []world) eval.Outcome {
	out := eval.Outcome{Judged: map[string]int{}}
	told := map[string]bool{}
	for i := range all {
		w := &all[i]
		for id, n := range w.outcome.Judged {
			out.Judged[id] = max(out.Judged[id], n)
		}
		if len(out.Errors) == 0 {
			out.Errors = w.outcome.Errors
		}
		for _, f := range w.outcome.Findings {
			key := keyOf(f)
			if told[key] || f.Status == finding.Pass && anywhere(all, f) {
				continue // told, or another world has a finding about it
			}
			if f.Status == finding.Fail && !always(all, f) {
				f.Status, f.Reason = finding.Unknown, undecidedStack
			}
			out.Findings = append(out.Findings, f)
		}
		for _, f := range w.outcome.Findings {
			told[keyOf(f)] = true
		}
	}
	return out
}

// anywhere reports whether some world has a problem with the subject of f.
func anywhere(all []world, f finding.Finding) bool {
	return slices.ContainsFunc(all, func(w world) bool { return w.problems[subjectOf(f)] })
}

// always reports whether f fails in every world that has its document.
func always(all []world, f finding.Finding) bool {
	return !slices.ContainsFunc(all, func(w world) bool {
		return !w.failures[keyOf(f)] && (f.Document == nil || !f.Document.Conditional || slices.Contains(w.documents, f.Document))
	})
}

// keyOf leaves out the message, which may list what a world has.
func keyOf(f finding.Finding) string { return subjectOf(f) + "\x00" + f.Path.String() }

func subjectOf(f finding.Finding) string {
	if f.Document == nil {
		return f.Rule.ID
	}
	return f.Rule.ID + "\x00" + f.Document.ID
}
