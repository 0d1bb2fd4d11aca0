// Package suppress marks findings that somebody has accepted with a reason: in
// a comment, an annotation, a template's metadata or the configuration. It
// never removes a finding, and it reports suppressions that do nothing.
package suppress

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plimsoll-dev/plimsoll/engine/finding"
	"github.com/plimsoll-dev/plimsoll/loaders/document"
)

// What suppressed a finding, as Finding.SuppressedBy says it.
const (
	Comment    = "comment"
	Annotation = "annotation"
	Metadata   = "metadata"
	Config     = "config"
)

// Options say what suppressions are read against.
type Options struct {
	// Rules are all rules of the library, selected or not: a suppression may name
	// a rule that this run leaves out.
	Rules []*finding.Rule
	// Exceptions are those of the configuration.
	Exceptions []Exception
	// AsOf is the date (YYYY-MM-DD) exceptions expire against.
	AsOf string
}

// A suppression is one rule accepted in one place.
type suppression struct {
	rule   *finding.Rule
	by     string
	reason string
	// at is where the suppression is written; scope says so in messages.
	at document.Range
	// covers reports whether a finding of the rule is in its place.
	covers func(*finding.Finding) bool
	// idle is what to say when nothing was suppressed, "" to say nothing.
	idle string
	used bool
}

// An applier collects suppressions and what is wrong with them.
type applier struct {
	result      *finding.Result
	names       map[string]*finding.Rule // by ID in lower case and by slug
	found       []*suppression
	diagnostics []document.Diagnostic
}

// Apply sets the status of accepted failures and undecided findings to
// suppressed, and adds a warning for every suppression that has no reason,
// names no rule, has expired or matches nothing. It leaves the result sorted.
func Apply(r *finding.Result, o Options) {
	a := &applier{result: r, names: map[string]*finding.Rule{}}
	for _, rule := range o.Rules {
		a.names[strings.ToLower(rule.ID)] = rule
		a.names[strings.ToLower(rule.Slug)] = rule
	}
	a.comments()
	a.annotations()
	a.metadata()
	a.exceptions(o)
	a.mark()
	a.reportIdle()
	r.Diagnostics = append(r.Diagnostics, a.diagnostics...)
	r.Sort()
}

// mark suppresses findings; where several suppressions cover one, the first
// kind in the order of Apply gives the reason and all count as used.
func (a *applier) mark() {
	byRule := map[string][]*suppression{}
	for _, s := range a.found {
		byRule[s.rule.ID] = append(byRule[s.rule.ID], s)
	}
	for i := range a.result.Findings {
		f := &a.result.Findings[i]
		if f.Status != finding.Fail && f.Status != finding.Unknown {
			continue
		}
		var by *suppression
		for _, s := range byRule[f.Rule.ID] {
			if !s.covers(f) {
				continue
			}
			s.used = true
			if by == nil {
				by = s
			}
		}
		if by != nil {
			f.Status = finding.Suppressed
			f.SuppressedBy = by.by
			f.Reason = by.reason + " (" + by.place() + ")"
		}
	}
}

func (s *suppression) place() string {
	at := s.at.Outermost()
	if at.IsZero() {
		return s.by
	}
	return fmt.Sprintf("%s, %s:%d", s.by, at.File(), at.Start.Line)
}

// reportIdle warns of suppressions that match nothing, unless their rule was
// not part of the run.
func (a *applier) reportIdle() {
	selected := map[string]bool{}
	for _, r := range a.result.Rules {
		selected[r.ID] = true
	}
	for _, s := range a.found {
		if !s.used && s.idle != "" && selected[s.rule.ID] {
			a.warn(s.at, "the suppression of "+s.rule.ID+" matches no finding; "+s.idle)
		}
	}
}

func (a *applier) warn(at document.Range, message string) {
	a.diagnostics = append(a.diagnostics, document.Diagnostic{Range: at, Level: document.Warning, Message: message})
}

// rule finds a rule by ID or slug; an unknown name is a warning.
func (a *applier) rule(name string, at document.Range) *finding.Rule {
	r := a.names[strings.ToLower(name)]
	if r == nil {
		a.warn(at, fmt.Sprintf("the suppression names %q, which is no rule; plimsoll rules lists the rules", name))
	}
	return r
}

// owners returns a document and those it came out of.
func owners(d *document.Document) []*document.Document {
	var out []*document.Document
	for ; d != nil; d = d.Parent {
		out = append(out, d)
	}
	return out
}

// roots returns the documents of the result and all they came out of, once
// each, in order.
func (a *applier) roots() []*document.Document {
	var out []*document.Document
	seen := map[*document.Document]bool{}
	for _, d := range a.result.Documents {
		for _, o := range owners(d) {
			if !seen[o] {
				seen[o] = true
				out = append(out, o)
			}
		}
	}
	return out
}

// within covers the findings about a document and about what came out of it.
func within(d *document.Document) func(*finding.Finding) bool {
	return func(f *finding.Finding) bool { return slices.Contains(owners(f.Document), d) }
}
